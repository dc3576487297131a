"""A one-time link is one proof: whoever set up a second one is asked for it after the link too."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.strong import code_of
from tests.universe import Cast

from attunement_web.accounts import bridge
from attunement_web.accounts.actions import add_app, make_sign_in_link
from attunement_web.accounts.models import Device, User

SECOND, HOME = "/sign-in/code/", "/"


@pytest.fixture
def secret(cast: Cast) -> str:
    """Of Alice's authenticator app; a minute has passed since she added it."""
    made = bridge.new_secret()
    with time_machine.travel(timezone.now() - timedelta(minutes=2), tick=False):
        assert add_app(person=cast.alice, secret=made, code=code_of(made), by=cast.alice)
    return made


def opened(person: User, browser: Client | None = None) -> Client:
    """The browser in which her link's button was just tapped."""
    browser = browser or Client()
    assert browser.post(reverse("accounts:enter", args=[make_sign_in_link(person=person, by=None)])).status_code == 302
    return browser


def who(browser: Client) -> str | None:
    return browser.session.get("_auth_user_id")


def test_a_link_lets_her_in_only_with_her_second_proof(cast: Cast, secret: str) -> None:
    browser = opened(cast.alice)
    assert who(browser) is None
    assert browser.get(reverse("families:child", args=[cast.mia.pk])).status_code == 302
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.get(SECOND).status_code == 200
    assert browser.post(SECOND, {"code": "1"}).status_code == 422
    assert browser.post(SECOND, {"code": code_of(secret)}).headers["Location"] == HOME
    assert who(browser) == str(cast.alice.pk)


def test_a_recovery_code_does_it_on_the_day_the_phone_is_lost(cast: Cast, secret: str) -> None:
    browser = opened(cast.alice)
    assert browser.post(SECOND, {"code": bridge.codes_of(cast.alice)[0]}).status_code == 302
    assert who(browser) == str(cast.alice.pk)


def test_the_page_says_who_helps_when_everything_is_lost(cast: Cast, secret: str) -> None:
    assert "whoever runs Attunement for you" in opened(cast.alice).get(SECOND).text


def test_a_link_opened_where_another_is_signed_in_ends_that_first(cast: Cast, secret: str) -> None:
    browser = opened(cast.alice, opened(cast.charlie))
    assert who(browser) is None
    assert not Device.objects.filter(person=cast.charlie).exists()
    assert browser.post(SECOND, {"code": code_of(secret)}).status_code == 302
    assert who(browser) == str(cast.alice.pk)


def test_a_link_opened_where_she_is_signed_in_herself_leaves_her_so(cast: Cast, secret: str) -> None:
    browser = Client()
    browser.force_login(cast.alice)
    lasts = browser.session.get_expiry_age()
    opened(cast.alice, browser)
    assert who(browser) == str(cast.alice.pk)
    assert abs(browser.session.get_expiry_age() - lasts) < 60
    assert browser.post(SECOND, {"code": code_of(secret)}).headers["Location"] == HOME


def test_without_a_second_proof_the_link_is_enough(cast: Cast) -> None:
    assert who(opened(cast.bob)) == str(cast.bob.pk)
