"""The demo family: believable, kind, the same each time, and made once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from tests.tone import banned_words

from attunement.milestones import milestone
from attunement.schemes import scheme
from attunement_web.accounts.actions import person_of_household
from attunement_web.accounts.models import User
from attunement_web.diary.models import Moment
from attunement_web.diary.queries import diary_since, picture_of, week_of
from attunement_web.families.models import Child
from attunement_web.milestones.models import Sighting
from attunement_web.milestones.queries import suggested, told
from attunement_web.site.demo import DAYS, build, build_once

ZONE = "Europe/Madrid"
pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def children(today: date) -> dict[str, Child]:
    return build(today=today, zone=ZONE, by=person_of_household())


def content() -> list[tuple[Any, ...]]:
    rows = Moment.objects.order_by("child__name", "happened_at", "signal")
    return list(rows.values_list("child__name", "happened_at", "noted_by__name", "signal", "acts", "outcome", "words"))


def test_it_is_the_same_each_time(children: dict[str, Child], today: date) -> None:
    first = content()
    Child.objects.all().delete()
    User.objects.exclude(pk=person_of_household().pk).delete()
    build(today=today, zone=ZONE, by=person_of_household())
    assert len(first) > 250
    assert content() == first


def test_each_moment_was_noted_when_it_was(children: dict[str, Child]) -> None:
    assert not Moment.objects.exclude(noted_at=F("happened_at")).exists()


def test_twice_does_not_double(today: date) -> None:
    for _ in range(2):
        build_once(by=person_of_household())
    assert sorted(Child.objects.values_list("name", flat=True)) == ["Lina", "Theo"]


def test_a_family_that_is_there_is_left_alone(children: dict[str, Child]) -> None:
    before = Moment.objects.count()
    build_once(by=person_of_household())
    assert Moment.objects.count() == before


def test_ten_weeks_up_to_yesterday_with_a_gap(children: dict[str, Child], today: date) -> None:
    days = set(Moment.objects.filter(child=children["Lina"]).values_list("local_day", flat=True))
    assert today - timedelta(days=DAYS) <= min(days) <= today - timedelta(days=DAYS - 3)
    assert max(days) == today - timedelta(days=1)
    assert not days & {today - timedelta(days=ago) for ago in range(40, 45)}


def test_mama_papa_and_nana_all_note(children: dict[str, Child]) -> None:
    for child in children.values():
        assert set(child.moments.values_list("noted_by__name", flat=True)) == {"Mama", "Papa", "Nana"}


def test_each_topic_has_something_to_say_of_one_child_and_silence_of_the_other(
    children: dict[str, Child], today: date
) -> None:
    voices = {name: {one.insight.voice for one in picture_of(child, today)} for name, child in children.items()}
    codes = {one.insight.code for one in picture_of(children["Lina"], today)}
    assert "silent" not in voices["Lina"]
    assert {"rough", "band"} <= voices["Lina"]
    assert "silent" in voices["Theo"]
    assert len(codes) > 1  # not every topic sounds alike
    assert week_of(diary_since(children["Lina"], today - timedelta(days=6)), today).code == "mended-first"


def test_what_the_children_do_fits_their_age(children: dict[str, Child]) -> None:
    codes, early = scheme("attunement"), []
    for moment in Moment.objects.exclude(signal="").select_related("child"):
        months = (moment.local_day - moment.child.born).days / 30.4375
        if months < codes[moment.signal].from_month:
            early.append((moment.child.name, moment.signal, months))
    used = {code for row in Moment.objects.all() for code in [row.signal, *row.acts, row.outcome] if code}
    assert used <= set(codes.ids)
    assert early == []


def test_own_words_are_kind(children: dict[str, Child]) -> None:
    words = [*Moment.objects.values_list("words", flat=True), *Sighting.objects.values_list("words", flat=True)]
    assert len([said for said in words if said]) > 15
    assert [found for said in words if (found := banned_words(said))] == []


def test_milestones_are_told_with_days_words_and_the_moments_that_show_them(
    children: dict[str, Child], today: date
) -> None:
    for child in children.values():
        shown = told(child)
        assert {one.stage for one in shown.values()} == {"often", "starting", "not-yet"}
        assert all(milestone(name) for name in shown)
        for one in shown.values():
            assert one.moment is None or one.moment.local_day == one.seen_on
            assert one.moment is None or one.moment.signal in milestone(one.milestone).cue_examples
    assert suggested(children["Lina"], today, told(children["Lina"]))
