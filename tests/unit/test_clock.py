"""Lengths of time, and ages around month ends, leap days and early births."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attunement.clock import age_on, months_after, months_between, parse_duration, show_duration
from attunement.errors import WrongUse

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("text", "ms"), [("5s", 5_000), ("5", 5_000), ("0.5 s", 500), ("500ms", 500), ("2 min", 120_000), ("1h", 3_600_000)]
)
def test_a_length_of_time_is_read_in_whole_milliseconds(text, ms):
    assert parse_duration(text) == ms


@pytest.mark.parametrize("text", ["", "five", "5 weeks", "-5s", "5s5", "1e3s"])
def test_what_is_no_length_of_time_is_refused_with_an_example(text):
    with pytest.raises(WrongUse, match="write it like 5s"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (640, "640 ms"),
        (4_200, "4.2 s"),
        (5_000, "5 s"),
        (200_000, "3 min 20 s"),
        (60_000, "1 min"),
        (37_015_680, "10 h 17 min"),
    ],
)
def test_a_length_of_time_is_shown_as_people_say_it(ms, words):
    assert show_duration(ms) == words


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),  # February has no 31st: its last day counts
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 3, 15), date(2026, 6, 14), 2),
        (date(2026, 3, 15), date(2026, 6, 15), 3),
    ],
)
def test_months_are_counted_as_families_count_them(born, on, months):
    assert age_on(on, born=born).months == months


def test_a_child_born_early_is_counted_from_the_due_date():
    age = age_on(date(2026, 6, 1), born=date(2026, 2, 1), gestation_weeks=32)
    assert (age.uses, age.calendar_months, age.months) == ("corrected", 4, 2)
    assert age.counted_from == date(2026, 2, 1) + timedelta(weeks=8)


@pytest.mark.parametrize(("weeks", "uses"), [(36, "corrected"), (37, "calendar"), (40, "calendar"), (None, "calendar")])
def test_only_births_before_37_weeks_are_corrected(weeks, uses):
    assert age_on(date(2026, 6, 1), born=date(2026, 2, 1), gestation_weeks=weeks).uses == uses


def test_correction_ends_the_day_after_the_child_turns_24_months_by_the_calendar():
    born = date(2024, 3, 10)
    assert age_on(date(2026, 3, 10), born=born, gestation_weeks=30).uses == "corrected"
    after = age_on(date(2026, 3, 11), born=born, gestation_weeks=30)
    assert (after.uses, after.months) == ("calendar", 24)


def test_before_the_due_date_the_corrected_age_is_nought_months():
    age = age_on(date(2026, 2, 10), born=date(2026, 2, 1), gestation_weeks=30)
    assert age.days < 0
    assert (age.months, age.weeks) == (0, 0)


def test_a_day_before_birth_is_refused():
    with pytest.raises(WrongUse, match="before the day of birth"):
        age_on(date(2026, 1, 1), born=date(2026, 1, 2))


def test_an_impossible_length_of_pregnancy_is_refused():
    with pytest.raises(WrongUse, match="completed weeks"):
        age_on(date(2026, 1, 3), born=date(2026, 1, 2), gestation_weeks=60)


@given(DAYS, st.integers(0, 60))
def test_counting_months_forward_and_back_agrees(day, months):
    later = months_after(day, months)
    assert months_between(day, later) == months
    assert months_between(day, later - timedelta(days=1)) == max(months - 1, 0)


@given(DAYS, st.integers(0, 1200))
def test_an_age_never_runs_backwards(day, days):
    today, tomorrow = (age_on(day + timedelta(days=n), born=day) for n in (days, days + 1))
    assert tomorrow.months >= today.months
    assert tomorrow.days == today.days + 1
