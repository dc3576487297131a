"""First start, and the pages about children."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings
from tests.universe import ZONE, Cast

from attunement_web.accounts.actions import create_person, person_of_household
from attunement_web.accounts.models import User
from attunement_web.families.actions import begin_family, join_child
from attunement_web.families.models import Child, Family, Membership, Role
from attunement_web.families.templatetags.families import age

Browser = Callable[[User], Client]
ANSWERS = {
    "name": "Lea",
    "gestation_weeks": "",
    "shape": "star",
    "your_name": "Nana",
    "time_zone": ZONE,
    "page": str(uuid4()),
}
OF_A_CHILD = (
    "today:today", "diary:note", "diary:moments", "diary:picture", "diary:taken_away", "milestones:list", "learning:ideas",
    "learning:ask", "families:child", "families:another", "families:people", "families:who_looked", "families:sharing",
    "coding:recordings", "api:tokens", "rights:copy", "rights:erase",
)  # fmt: skip


def test_a_new_household_is_asked_about_its_child_and_lands_on_today(db: None, signed_in: Browser) -> None:
    person = person_of_household()
    browser = signed_in(person)
    assert browser.get(reverse("families:home")).headers["Location"] == reverse("families:start")
    assert browser.get(reverse("families:start")).status_code == 200
    answer = browser.post(reverse("families:start"), {**ANSWERS, "born": date.today() - timedelta(days=40)})
    child = Child.objects.get()
    assert answer.headers["Location"] == reverse("today:today", args=[child.pk])
    assert (child.name, child.shape, child.gestation_weeks) == ("Lea", "star", None)
    person.refresh_from_db()
    assert person.name == "Nana"
    assert Membership.objects.get().role == Role.GUARDIAN


@pytest.mark.parametrize(
    "wrong",
    [
        {"born": date.today() + timedelta(days=2)},
        {"born": date.today() - timedelta(days=365 * 8)},
        {"born": "yesterday"},
        {"name": " ", "born": date.today()},
        {"gestation_weeks": "12", "born": date.today()},
        {"time_zone": "Mars/Olympus", "born": date.today()},
    ],
)
def test_what_cannot_be_is_asked_again_with_the_rest_still_there(
    db: None, signed_in: Browser, wrong: dict[str, object]
) -> None:
    page = signed_in(person_of_household()).post(reverse("families:start"), {**ANSWERS, **wrong})
    assert page.status_code == 422
    assert "Nana" in page.text
    assert not Family.objects.exists()


def test_a_form_sent_twice_makes_one_family_and_one_child(cast: Cast, signed_in: Browser) -> None:
    browser, answers = signed_in(cast.charlie), {**ANSWERS, "born": date.today() - timedelta(days=40)}
    forms = (reverse("families:start"), reverse("families:another", args=[cast.strangers_child.pk]))
    shown = {browser.get(form).context["form"]["page"].value() for form in (*forms, *forms)}
    assert len(shown) == 4
    for form, families in zip(forms, (3, 3), strict=True):
        sent = {**answers, "page": shown.pop()}
        first, again = (browser.post(form, sent).headers["Location"] for _ in range(2))
        assert first == again
        assert Family.objects.count() == families
    assert Child.objects.filter(name="Lea").count() == 2
    others = signed_in(cast.bob).post(forms[0], sent).headers["Location"]
    assert others not in (first, again)


@pytest.mark.parametrize(
    ("now", "family", "status"),
    [
        (datetime(2026, 5, 2, 3, tzinfo=UTC), "America/Los_Angeles", 422),  # 2 May in Berlin, still the 1st there
        (datetime(2026, 5, 1, 21, tzinfo=UTC), "Pacific/Auckland", 302),  # 1 May in Berlin, the 2nd already there
        (datetime(2026, 5, 2, 3, tzinfo=UTC), "Mars/Olympus", 422),
    ],
)
def test_a_child_is_born_by_the_familys_own_day_wherever_the_server_stands(
    db: None, signed_in: Browser, settings: Settings, now: datetime, family: str, status: int
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    with time_machine.travel(now, tick=False):
        answers = {**ANSWERS, "born": "2026-05-02", "time_zone": family}
        assert signed_in(person_of_household()).post(reverse("families:start"), answers).status_code == status


def test_every_page_opens_where_the_birthday_has_not_come_on_the_familys_clock(cast: Cast, signed_in: Browser) -> None:
    """So it is after the time zone moved westwards, or a backup came from another server's clock."""
    browser, tomorrow = signed_in(cast.alice), cast.mia.today() + timedelta(days=1)
    for weeks in (None, 30):
        Child.objects.filter(pk=cast.mia.pk).update(born=tomorrow, gestation_weeks=weeks)
        for name in OF_A_CHILD:
            assert browser.get(reverse(name, args=[cast.mia.pk])).status_code == 200, name
        assert browser.get(f"/api/v1/children/{cast.mia.pk}/kit").status_code == 200


def test_home_goes_to_the_child_last_seen(cast: Cast, signed_in: Browser) -> None:
    browser = signed_in(cast.alice)
    for child in (cast.noah, cast.mia, cast.noah):
        browser.get(reverse("families:child", args=[child.pk]))
        home = browser.get(reverse("families:home"))
        assert home.headers["Location"] == reverse("today:today", args=[child.pk])


def test_a_page_that_was_refused_is_not_a_child_seen(cast: Cast, signed_in: Browser) -> None:
    browser = signed_in(cast.charlie)
    assert browser.get(reverse("families:child", args=[cast.mia.pk])).status_code == 404
    home = browser.get(reverse("families:home"))
    assert home.headers["Location"] == reverse("today:today", args=[cast.strangers_child.pk])


def test_a_child_can_be_changed_and_a_sibling_gets_another_picture(cast: Cast, signed_in: Browser) -> None:
    browser = signed_in(cast.bob)
    page = reverse("families:child", args=[cast.noah.pk])
    answers = {"page": str(uuid4()), "name": "Noah B.", "born": cast.noah.born, "gestation_weeks": "33", "shape": "sun"}
    assert browser.post(page, answers).headers["Location"] == page
    cast.noah.refresh_from_db()
    assert (cast.noah.name, cast.noah.gestation_weeks, cast.noah.shape) == ("Noah B.", 33, "sun")
    another = browser.get(reverse("families:another", args=[cast.noah.pk]))
    assert another.context["form"]["shape"].value() not in {"sun", "moon"}
    assert browser.post(reverse("families:another", args=[cast.noah.pk]), {**answers, "name": "Ida"}).status_code == 302
    assert cast.family.children.count() == 3


def test_only_a_guardian_of_the_family_adds_a_child_to_it(cast: Cast, signed_in: Browser) -> None:
    """Else somebody who helps out could put a child there whom no guardian sees, and nobody could erase all of it."""
    dora = create_person(name="Dora", email="dora@example.org", by=None)
    join_child(child=cast.mia, person=dora, role=Role.CAREGIVER, by=cast.alice)
    browser, another = signed_in(dora), reverse("families:another", args=[cast.mia.pk])
    answers = {"page": str(uuid4()), "name": "Ida", "born": cast.mia.born, "gestation_weeks": "", "shape": "sun"}
    assert (browser.get(another).status_code, browser.post(another, answers).status_code) == (403, 403)
    assert cast.family.children.count() == 2
    assert another not in browser.get(reverse("families:child", args=[cast.mia.pk])).text
    assert another in signed_in(cast.alice).get(reverse("families:child", args=[cast.mia.pk])).text


def test_the_page_of_a_child_takes_four_queries(
    cast: Cast, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser, page = signed_in(cast.alice), reverse("families:child", args=[cast.mia.pk])
    browser.get(page)
    with django_assert_num_queries(4):  # session, person, child, the picker's children
        browser.get(page)


def in_words(child: Child, on: date) -> tuple[object, object, object]:
    found = age(child, on)
    return found["calendar"], found["in_use"], found["early"]


def test_an_age_is_told_in_days_weeks_months_then_years() -> None:
    child = Child(born=date(2025, 1, 10))
    told = [in_words(child, date(2025, 1, 10) + timedelta(days=days))[0] for days in (0, 1, 14, 89, 90, 729, 800)]
    assert told == ["0 days", "1 day", "2 weeks", "12 weeks", "3 months", "23 months", "2 years 2 months"]


def test_a_child_born_early_is_shown_both_ages_until_the_second_birthday() -> None:
    child = Child(born=date(2025, 1, 10), gestation_weeks=32)
    assert in_words(child, date(2025, 6, 15)) == ("5 months", "3 months", "corrected")
    assert in_words(child, date(2025, 2, 10)) == ("4 weeks", "0 days", "before")
    assert in_words(child, date(2027, 3, 15))[2] == "calendar"


def test_the_database_guards_weeks_and_one_membership_each(cast: Cast) -> None:
    for weeks in (19, 45):
        with pytest.raises(IntegrityError), transaction.atomic():
            Child.objects.filter(pk=cast.mia.pk).update(gestation_weeks=weeks)
    with pytest.raises(ValidationError):
        join_child(child=cast.mia, person=cast.bob, role=Role.CAREGIVER, by=cast.alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(child=cast.mia, user=cast.bob, role=Role.CAREGIVER)
    with pytest.raises(ValidationError):
        begin_family(time_zone="Nowhere", child_name="X", born=date.today(), by=cast.bob)


def test_a_day_begins_at_the_familys_own_midnight(cast: Cast) -> None:
    assert cast.mia.today(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
