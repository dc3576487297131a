"""Where the network at home reaches us, everybody has a way in of her own; the link alone opens nothing but its choice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from tests.strong import strong_browser
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.accounts.models.devices import FACTS

In = Callable[[User], Client]


@pytest.fixture(autouse=True)
def reached(settings: LazySettings) -> None:
    settings.HTTPS_OWN = True


def by_link_alone(person: User, signed_in: In) -> Client:
    person.email = None
    person.set_unusable_password()
    person.save()
    return signed_in(person)


def test_the_link_alone_leads_to_the_choice_of_a_way_in(cast: Cast, signed_in: In) -> None:
    browser, gate = by_link_alone(cast.alice, signed_in), reverse("accounts:surer")
    for page in ("families:home", "families:child", "diary:note", "coding:recordings"):
        args = [] if page == "families:home" else [cast.mia.pk]
        assert browser.get(reverse(page, args=args)).headers["Location"] == gate, page
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.get(gate).headers["Location"] == reverse("accounts:me")
    assert "choose how you come in" in browser.get(reverse("accounts:me")).text


@pytest.mark.parametrize("has", ["an address alone", "a password alone"])
def test_half_a_way_in_is_none(cast: Cast, signed_in: In, has: str) -> None:
    browser = by_link_alone(cast.alice, signed_in)
    if has == "an address alone":
        User.objects.filter(pk=cast.alice.pk).update(email="alice@example.org")
    else:
        cast.alice.set_password("a walk in the rain")
        cast.alice.save()
        browser = signed_in(cast.alice)
    assert browser.get(reverse("families:home")).status_code == 302
    assert browser.get("/api/v1/me").status_code == 401


def test_who_has_chosen_goes_on(cast: Cast, signed_in: In) -> None:
    browser = by_link_alone(cast.alice, signed_in)
    chosen = {"name": "Mama", "email": "alice@example.org", "password": "a walk in the rain"}
    assert browser.post(reverse("accounts:me"), chosen).headers["Location"] == reverse("families:home")
    assert browser.get(reverse("families:child", args=[cast.mia.pk])).status_code == 200
    assert browser.get("/api/v1/me").status_code == 200


def test_a_passkey_is_a_way_in(cast: Cast, signed_in: In) -> None:
    by_link_alone(cast.alice, signed_in)
    browser = strong_browser(cast.alice)
    assert browser.session[FACTS]["strong"]
    assert browser.get(reverse("families:child", args=[cast.mia.pk])).status_code == 200
    assert browser.get("/api/v1/me").status_code == 200


def test_on_one_computer_the_link_is_enough(cast: Cast, signed_in: In, settings: LazySettings) -> None:
    settings.HTTPS_OWN = False
    browser = by_link_alone(cast.alice, signed_in)
    assert browser.get(reverse("families:child", args=[cast.mia.pk])).status_code == 200
    assert browser.get("/api/v1/me").status_code == 200
