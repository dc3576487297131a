"""Today: one sentence, repair first, and a cost that does not grow with the history."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from attunement_web.diary.actions import Tap, keep_moments, when
from attunement_web.diary.models import Precision, new_id

pytestmark = pytest.mark.django_db


def note(child, by, *, days_ago=0, times=1, **tap):
    at = timezone.now()
    day = child.today() - timedelta(days=days_ago)
    moment = when(Precision.DAY, noted_at=at, zone=child.zone, day=day) if days_ago else None
    keep_moments(child=child, taps=[Tap(id=new_id(), when=moment, **tap) for _ in range(times)], by=by)


def words(page, child):
    response = page.get(reverse("today:today", args=[child.pk]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_new_family_is_welcomed_without_a_number(cast, signed_in):
    said = words(signed_in(cast.alice), cast.mia)
    assert "No notes these days, and that is fine" in said
    assert said.index("Note a moment") < said.index("These seven days")
    assert "One thing to try" in said


def test_what_was_mended_is_said_before_anything_else(cast, signed_in):
    note(cast.mia, cast.alice, times=9, signal="coo", acts=("talk",), outcome="delighted")
    note(cast.mia, cast.alice, signal="cry", acts=("no-response",), mended=True)
    assert "found each other again. That is a good thing" in words(signed_in(cast.alice), cast.mia)


def test_few_notes_are_thanked_and_not_summed_up(cast, signed_in):
    note(cast.mia, cast.alice, times=5, signal="coo", acts=("talk",))
    assert "You noted 5 moments. Thank you. Too few to sum up." in words(signed_in(cast.alice), cast.mia)


def test_there_is_never_a_percentage(cast, signed_in):
    for days_ago in range(7):
        note(cast.mia, cast.alice, days_ago=days_ago, times=5, signal="coo", acts=("talk",), outcome="delighted")
    assert "%" not in words(signed_in(cast.alice), cast.mia).split("<main")[1]


def test_one_thing_to_try_says_why_it_was_chosen(cast, signed_in):
    note(cast.mia, cast.alice, times=2, signal="cry", acts=("rock",), outcome="still-upset")
    assert "You noted 2 upset moments that were hard to settle." in words(signed_in(cast.alice), cast.mia)


def test_one_of_the_familys_own_moments_comes_back(cast, signed_in):
    note(cast.mia, cast.alice, days_ago=20, signal="laugh", outcome="delighted", words="she laughed at the spoon")
    assert "she laughed at the spoon" in words(signed_in(cast.alice), cast.mia)


def test_both_ages_of_a_child_born_early_are_named(cast, signed_in):
    assert "counted from the due date" in words(signed_in(cast.alice), cast.noah)


def test_a_stranger_finds_nothing(cast, signed_in):
    assert signed_in(cast.charlie).get(reverse("today:today", args=[cast.mia.pk])).status_code == 404


def test_a_long_history_costs_no_query_more(cast, signed_in, django_assert_max_num_queries):
    page = signed_in(cast.alice)
    words(page, cast.mia)
    with django_assert_max_num_queries(8):
        words(page, cast.mia)
    for days_ago in range(0, 90, 2):
        note(cast.mia, cast.alice, days_ago=days_ago, times=20, signal="coo", acts=("talk",), outcome="delighted")
    with django_assert_max_num_queries(8):
        words(page, cast.mia)
