"""Name, address and password on “About you”: what is asked before a way in changes, and what an empty field means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.universe import PASSWORD, Cast

from attunement_web.accounts.actions import create_person, make_sign_in_link
from attunement_web.accounts.models import User, WrongTry

ME, NEW = "/me/", "two socks and a spoon"
ALICE = {"name": "Alice", "email": "alice@example.org"}
Browser = Callable[[User], Client]


def after_a_link(person: User) -> Client:
    browser = Client()
    browser.post(reverse("accounts:enter", args=[make_sign_in_link(person=person, by=None)]))
    return browser


def test_a_form_without_fields_changes_nothing(cast: Cast, signed_in: Browser) -> None:
    assert signed_in(cast.alice).post(ME, {"csrfmiddlewaretoken": "x"}).status_code == 302
    cast.alice.refresh_from_db()
    assert (cast.alice.email, cast.alice.name) == ("alice@example.org", "Alice")


def test_an_address_that_a_password_needs_is_not_emptied(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.alice).post(ME, {"name": "Alice", "email": "", "password": NEW, "current": PASSWORD})
    assert page.status_code == 422
    assert len(page.context["form"].errors["email"]) == 1
    assert "You sign in with this address, so one stays here." in page.text
    cast.alice.refresh_from_db()
    assert cast.alice.email == "alice@example.org"


def test_an_address_that_opens_nothing_may_go(cast: Cast, signed_in: Browser) -> None:
    assert not cast.bob.has_usable_password()
    assert signed_in(cast.bob).post(ME, {"name": "Bob", "email": ""}).status_code == 302
    cast.bob.refresh_from_db()
    assert cast.bob.email is None


def test_a_household_without_address_and_password_just_keeps_a_name(db: None, signed_in: Browser) -> None:
    person = create_person(by=None)
    browser = signed_in(person)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert browser.post(ME, {"name": "Papa", "email": "", "password": ""}).headers["Location"] == ME
    person.refresh_from_db()
    assert person.name == "Papa"


@pytest.mark.parametrize("typed", ["", "wrong"])
def test_a_new_password_takes_the_one_from_before(cast: Cast, signed_in: Browser, typed: str) -> None:
    browser = signed_in(cast.alice)
    assert browser.post(ME, {**ALICE, "password": NEW, "current": typed}).status_code == 422
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(PASSWORD)
    assert browser.post(ME, {**ALICE, "password": NEW, "current": PASSWORD}).status_code == 302
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(NEW)


def test_the_password_from_before_is_proof_enough_to_change_it(cast: Cast, signed_in: Browser) -> None:
    browser = signed_in(cast.alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        changed = browser.post(ME, {**ALICE, "password": NEW, "current": PASSWORD})
    assert changed.headers["Location"] == ME


def test_who_forgot_her_password_comes_by_a_link_and_is_not_asked_for_it(cast: Cast) -> None:
    browser = after_a_link(cast.alice)
    assert "current" not in browser.get(ME).context["form"].fields
    assert browser.post(ME, {**ALICE, "password": NEW}).status_code == 302
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(NEW)


def test_ten_minutes_after_a_link_the_password_from_before_is_asked_for(cast: Cast) -> None:
    browser = after_a_link(cast.alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert browser.post(ME, {**ALICE, "password": NEW}).status_code == 422
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(PASSWORD)


def test_the_first_password_asks_for_none_before_it(cast: Cast, signed_in: Browser) -> None:
    assert "current" not in signed_in(cast.bob).get(ME).context["form"].fields


def test_guessing_the_password_from_before_is_counted(cast: Cast, signed_in: Browser) -> None:
    browser = signed_in(cast.alice)
    for _ in range(WrongTry.MOST):
        browser.post(ME, {**ALICE, "password": NEW, "current": "wrong"})
    assert browser.post(ME, {**ALICE, "password": NEW, "current": PASSWORD}).status_code == 422
    assert "quarter of an hour" in browser.post(ME, {**ALICE, "password": NEW, "current": PASSWORD}).text


def test_whose_an_address_is_stays_untold_until_it_is_surely_she_who_asks(cast: Cast, signed_in: Browser) -> None:
    browser = signed_in(cast.charlie)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answers = [browser.post(ME, {"email": f"{name}@example.org"}) for name in ("alice", "nobody")]
    assert {one.status_code for one in answers} == {302}
    assert len({one.headers["Location"] for one in answers}) == 1
    assert not WrongTry.objects.exists()


def test_addresses_that_are_asked_about_are_counted_free_ones_too(cast: Cast, signed_in: Browser) -> None:
    browser = signed_in(cast.charlie)
    asked = [f"nobody{n}@example.org" for n in range(WrongTry.MOST - 1)] + ["alice@example.org"]
    assert [browser.post(ME, {"email": one}).status_code for one in asked] == [302] * (WrongTry.MOST - 1) + [422]
    answers = [browser.post(ME, {"email": one}) for one in ("bob@example.org", "nobody@example.org")]
    assert {one.status_code for one in answers} == {422}
    assert len({tuple(one.context["form"].errors["email"]) for one in answers}) == 1
    assert browser.post(ME, {"name": "Charlie B."}).status_code == 302
    with time_machine.travel(timezone.now() + WrongTry.COUNTS_FOR + timedelta(seconds=1)):
        browser = signed_in(cast.charlie)
        assert browser.post(ME, {"email": "nobody@example.org"}).status_code == 302
