"""Keys for other programs: made on their page, shown once, never more than their person, taken back at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.universe import PASSWORD, Cast
from tests.web.api.conftest import Program, made

from attunement_web.accounts.models import User
from attunement_web.api.models import Token
from attunement_web.families.actions import end_membership, join_child
from attunement_web.families.models import Child, Membership, Role
from attunement_web.ledger.models import Entry

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]
KEY = re.compile(r"att_[\w-]{43}")


def page(child: Child) -> str:
    return reverse("api:tokens", args=[child.pk])


def filled_in(**other: str) -> dict[str, str]:
    return {"id": str(uuid4()), "name": "Crib button", "right": "write", "lasts": "90", **other}


def moments(child: Child) -> str:
    return f"/children/{child.pk}/moments"


def test_a_key_is_shown_once_and_kept_as_a_hash(cast: Cast, signed_in: In) -> None:
    browser = signed_in(cast.alice)
    answer = browser.post(page(cast.mia), filled_in())
    key = KEY.search(answer.text)
    assert key is not None
    token = Token.objects.get()
    assert token.token_hash == Token.hash_of(key[0])
    assert key[0] not in browser.get(page(cast.mia)).text
    assert not any(key[0] in str(value) for value in Token.objects.values_list().get())
    assert Entry.objects.filter(event="token.made", about_id=token.pk, by_id=cast.alice.pk).count() == 1


def test_a_page_sent_twice_makes_one_key(cast: Cast, signed_in: In) -> None:
    browser, answers = signed_in(cast.alice), filled_in()
    browser.post(page(cast.mia), answers)
    again = browser.post(page(cast.mia), answers, follow=True)
    assert "made already" in again.text
    assert not KEY.search(again.text)
    assert Token.objects.count() == 1


def test_a_key_is_made_by_who_just_proved_herself_and_ended_by_her_at_any_time(cast: Cast, signed_in: In) -> None:
    made(cast.alice, cast.mia)
    browser = signed_in(cast.alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert browser.get(page(cast.mia)).status_code == 200
        asked = browser.post(page(cast.mia), filled_in(), headers={"Referer": f"http://testserver{page(cast.mia)}"})
        assert asked.headers["Location"] == f"{reverse('accounts:again')}?{urlencode({'next': page(cast.mia)})}"
        assert Token.objects.count() == 1
        browser.post(reverse("api:end", args=[cast.mia.pk, Token.objects.get().pk]))
    assert Token.objects.exclude(ended_at=None).count() == 1


@pytest.mark.parametrize(("more", "status"), [({"ends_keys": "on"}, 401), ({}, 200)])
def test_a_new_password_ends_her_keys_unless_she_says_no(
    cast: Cast, signed_in: In, button: Program, more: dict[str, str], status: int
) -> None:
    bobs, browser = Program(made(cast.bob, cast.mia)), signed_in(cast.alice)
    assert browser.get("/me/").context["form"]["ends_keys"].value() is True
    new = {"name": "Alice", "email": "alice@example.org", "current": PASSWORD, "password": "two socks and a spoon"}
    assert browser.post("/me/", new | more).status_code == 302
    assert button("GET", moments(cast.mia)).status_code == status
    assert bobs("GET", moments(cast.mia)).status_code == 200
    ended = Entry.objects.filter(chain=cast.mia.pk, event="token.ended", by_id=cast.alice.pk)
    assert ended.count() == (status == 401)


def test_a_new_name_ends_no_key(cast: Cast, signed_in: In, button: Program) -> None:
    signed_in(cast.alice).post("/me/", {"name": "Mama", "email": "alice@example.org", "ends_keys": "on"})
    assert button("GET", moments(cast.mia)).status_code == 200


@pytest.mark.parametrize(("more", "status"), [({"ends_keys": "on"}, 401), ({}, 200)])
def test_signing_out_everywhere_else_ends_her_keys_unless_she_says_no(
    cast: Cast, signed_in: In, button: Program, more: dict[str, str], status: int
) -> None:
    browser = signed_in(cast.alice)
    assert 'name="ends_keys" checked' in browser.get(reverse("accounts:devices")).text
    browser.post(reverse("accounts:devices_end"), more)
    assert button("GET", moments(cast.mia)).status_code == status


def test_who_has_no_key_is_not_asked_about_keys(cast: Cast, signed_in: In, button: Program) -> None:
    browser = signed_in(cast.bob)
    for name in ("accounts:me", "accounts:devices"):
        assert "ends_keys" not in browser.get(reverse(name)).text


@pytest.mark.parametrize("wrong", [{"name": ""}, {"right": "all"}, {"lasts": "3650"}, {"id": "1"}, {"name": "x" * 61}])
def test_what_does_not_fit_makes_no_key(cast: Cast, signed_in: In, wrong: dict[str, str]) -> None:
    answer = signed_in(cast.alice).post(page(cast.mia), filled_in(**wrong))
    assert answer.status_code == 422
    assert not Token.objects.exists()


def test_only_those_who_care_for_the_child_day_to_day_make_and_end_keys(cast: Cast, signed_in: In) -> None:
    made(cast.alice, cast.mia)
    end = reverse("api:end", args=[cast.mia.pk, Token.objects.get().pk])
    for person, status in ((cast.ruth, 403), (cast.charlie, 404)):
        browser = signed_in(person)
        assert browser.get(page(cast.mia)).status_code == status
        assert browser.post(page(cast.mia), filled_in()).status_code == status
        assert browser.post(end).status_code == status
    assert Token.objects.filter(ended_at=None).count() == 1
    other = reverse("api:end", args=[cast.noah.pk, Token.objects.get().pk])
    assert signed_in(cast.alice).post(other).status_code == 404


def test_another_guardian_sees_a_key_and_ends_it_at_once(cast: Cast, signed_in: In, button: Program) -> None:
    assert button("GET", moments(cast.mia)).status_code == 200
    browser = signed_in(cast.bob)
    assert "Made by Alice" in browser.get(page(cast.mia)).text
    browser.post(reverse("api:end", args=[cast.mia.pk, Token.objects.get().pk]))
    assert button("GET", moments(cast.mia)).status_code == 401
    assert Entry.objects.filter(event="token.ended", by_id=cast.bob.pk).count() == 1


def test_the_answer_to_an_unknown_an_expired_and_an_ended_token_is_the_same(cast: Cast) -> None:
    expired = made(cast.alice, cast.mia, lasts=timedelta(seconds=-1))
    ended = made(cast.alice, cast.mia)
    Token.objects.filter(token_hash=Token.hash_of(ended)).update(ended_at=timezone.now())
    unknown = Token.new_text()
    inactive = made(cast.bob, cast.mia)
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    answers = [
        Program(text)("GET", moments(cast.mia))
        for text in (expired, ended, unknown, inactive, "att_", "att_é" + "x" * 42)
    ]
    assert {(one.status_code, one.content, tuple(one.headers.items())) for one in answers} == {
        (401, answers[0].content, tuple(answers[0].headers.items()))
    }
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"
    assert "Set-Cookie" not in answers[0].headers


def test_a_token_ends_with_its_time(cast: Cast, button: Program) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert button("GET", moments(cast.mia)).status_code == 401


def test_a_token_is_never_more_than_its_person(cast: Cast, button: Program) -> None:
    mine = Membership.objects.filter(user=cast.alice)
    mine.update(role=Role.CAREGIVER)
    assert button("GET", moments(cast.mia)).status_code == 200
    mine.update(role=Role.RELATIVE)
    for method in ("GET", "POST"):
        assert button(method, moments(cast.mia), {}).status_code == 401


def test_a_token_ends_with_the_part_in_its_child_and_opens_nothing_when_she_comes_back(
    cast: Cast, button: Program
) -> None:
    end_membership(membership=cast.mia.memberships.get(user=cast.alice), by=cast.alice)
    assert button("GET", moments(cast.mia)).status_code == 401
    join_child(child=cast.mia, person=cast.alice, role=Role.GUARDIAN, by=cast.bob)
    assert button("GET", moments(cast.mia)).status_code == 401


def test_a_token_is_for_one_child_and_one_right(cast: Cast, button: Program) -> None:
    for child in (cast.noah, cast.strangers_child):
        assert button("GET", moments(child)).status_code == 404
        assert button("POST", moments(child), {}).status_code == 404
    reader = Program(made(cast.alice, cast.mia, "read"))
    assert reader("GET", moments(cast.mia)).status_code == 200
    assert reader("POST", moments(cast.mia), {}).status_code == 403


def test_the_day_of_the_last_use_is_noted_once(
    cast: Cast, button: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    button("GET", moments(cast.mia))
    assert Token.objects.get().last_used == timezone.now().date()
    with django_assert_num_queries(3):  # token with person, child and membership; the child as pages read it; moments
        button("GET", moments(cast.mia))


def test_the_page_takes_few_queries(
    cast: Cast, signed_in: In, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        made(cast.alice, cast.mia)
    browser = signed_in(cast.alice)
    browser.get(page(cast.mia))
    with django_assert_max_num_queries(7):
        browser.get(page(cast.mia))
