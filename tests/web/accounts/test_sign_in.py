"""Coming in: by a one-time link, by address and password, and not by guessing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.universe import PASSWORD, Cast

from attunement_web.accounts.actions import change_person, create_person, make_sign_in_link, person_of_household
from attunement_web.accounts.models import SignInLink, User, WrongTry
from attunement_web.ledger.models import Entry


def door(token: str) -> str:
    return reverse("accounts:enter", args=[token])


def who(browser: Client) -> str | None:
    return browser.session.get("_auth_user_id")


def test_a_link_lets_in_once_and_looking_at_it_does_not_use_it_up(cast: Cast) -> None:
    token = make_sign_in_link(person=cast.alice, by=None)
    preview, first, second = Client(), Client(), Client()
    assert preview.get(door(token)).status_code == 200
    assert first.post(door(token)).headers["Location"] == reverse("families:home")
    assert who(first) == str(cast.alice.pk)
    assert second.post(door(token)).status_code == 410
    assert who(preview) is who(second) is None


def test_the_database_keeps_no_token(cast: Cast) -> None:
    token = make_sign_in_link(person=cast.alice, by=None)
    assert token not in str(SignInLink.objects.values()) + str(Entry.objects.values())
    assert len(token) >= 43  # 256 bits


def test_an_old_or_invented_link_opens_nothing(cast: Cast) -> None:
    token = make_sign_in_link(person=cast.alice, by=None, lasts=timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert Client().post(door(token)).status_code == 410
    assert Client().post(door("x" * 43)).status_code == 410


def test_each_start_lets_the_same_person_of_the_household_in(db: None) -> None:
    assert person_of_household() == person_of_household() == User.objects.get()


def test_address_and_password_lead_to_the_page_asked_for(cast: Cast) -> None:
    browser, page = Client(), reverse("families:child", args=[cast.mia.pk])
    asked = browser.get(page).headers["Location"]
    answer = browser.post(asked, {"email": "ALICE@example.org ", "password": PASSWORD, "next": page})
    assert answer.headers["Location"] == page
    assert who(browser) == str(cast.alice.pk)


def test_it_never_leads_to_someone_elses_site(cast: Cast) -> None:
    answers = {"email": "alice@example.org", "password": PASSWORD, "next": "https://example.com/"}
    assert Client().post(reverse("accounts:sign_in"), answers).headers["Location"] == reverse("families:home")


def test_an_unknown_address_and_a_wrong_password_are_told_alike(cast: Cast) -> None:
    pages = []
    for email in ("alice@example.org", "nobody@example.org", "bob@example.org"):  # Bob has no password
        page = Client().post(reverse("accounts:sign_in"), {"email": email, "password": "wrong"})
        assert page.status_code == 422
        pages.append(page.context["form"].errors.as_json())
    assert len(set(pages)) == 1


def test_the_eleventh_guess_waits_a_quarter_of_an_hour_even_when_right(cast: Cast) -> None:
    wrong = {"email": "alice@example.org", "password": "wrong"}
    right = {**wrong, "password": PASSWORD}
    for _ in range(WrongTry.MOST):
        assert Client().post(reverse("accounts:sign_in"), wrong).status_code == 422
    assert Client().post(reverse("accounts:sign_in"), right, REMOTE_ADDR="127.0.0.9").status_code == 422
    with time_machine.travel(timezone.now() + WrongTry.COUNTS_FOR + timedelta(seconds=1)):
        assert Client().post(reverse("accounts:sign_in"), right).status_code == 302


def test_about_you_sets_name_address_and_password_and_stays_signed_in(
    cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(cast.bob)
    answers = {"name": "Papa", "email": "Papa@example.org", "password": "two socks and a spoon"}
    assert browser.post(reverse("accounts:me"), answers).status_code == 302
    assert browser.get(reverse("accounts:me")).status_code == 200
    again = {"email": "papa@example.org", "password": "two socks and a spoon"}
    assert Client().post(reverse("accounts:sign_in"), again).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "alice@example.org"},  # someone else's
        {"email": "", "password": "two socks and a spoon"},  # nothing to sign in with
        {"email": "b@example.org", "password": "short"},
        {"email": "long.address@example.org", "password": "long.address@example"},
        {"email": "b@example.org", "password": "password12345"},
        {"email": "no address"},
    ],
)
def test_about_you_keeps_what_was_typed_when_something_is_missing(
    cast: Cast, signed_in: Callable[[User], Client], wrong: dict[str, str]
) -> None:
    page = signed_in(cast.bob).post(reverse("accounts:me"), {"name": "Papa Bear", **wrong})
    assert page.status_code == 422
    assert "Papa Bear" in page.text
    cast.bob.refresh_from_db()
    assert cast.bob.name == "Bob"


def test_an_action_refuses_a_weak_password_too(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        create_person(name="Dora", email="dora@example.org", password="password12", by=None)
    with pytest.raises(ValidationError):
        change_person(person=cast.bob, name="Bob", email="bob@example.org", password="bob@example.org", by=cast.bob)


def test_signing_out_takes_a_button_not_a_link(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    browser = signed_in(cast.alice)
    assert browser.get(reverse("accounts:sign_out")).status_code == 405
    assert browser.post(reverse("accounts:sign_out")).status_code == 302
    assert who(browser) is None
