"""Made-up dyads: the same seed gives the same bytes, sizes are as asked, and the cartoon shows what it is drawn to show."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from attunement.errors import WrongUse
from attunement.events import Diary, Events
from attunement.schemes import Function, scheme
from attunement.simulate import (
    Calls,
    Coders,
    Dyad,
    Family,
    Lognormal,
    Matching,
    Paced,
    Talk,
    Uniform,
    Upsets,
    calls,
    coders,
    crying_minutes,
    diary,
    grow,
    matching,
    paced,
    separation_upset,
    simulated,
    talk,
    upsets,
    wariness,
)

OURS, ACLEW = scheme("attunement"), scheme("aclew")
BUSY = Calls(
    {function: 2.0 for function in Function if function in ("connect", "break", "explore")}, other_acts_per_minute=3
)
HOUR = 3_600_000

MADE: dict[str, Callable[[int], Events]] = {
    "calls": lambda seed: calls(BUSY, OURS, sessions=5, length_ms=HOUR, seed=seed).events,
    "calls, aclew": lambda seed: calls(Calls(misread=0), ACLEW, sessions=5, length_ms=HOUR, seed=seed).events,
    "calls, apart": lambda seed: calls(Calls(apart_ms=9_000), OURS, sessions=5, length_ms=HOUR, seed=seed).events,
    "upsets": lambda seed: upsets(Upsets(), ACLEW, sessions=5, length_ms=HOUR, seed=seed).events,
    "upsets, coded": lambda seed: upsets(Upsets(coded=True), OURS, sessions=5, length_ms=HOUR, seed=seed).events,
    "talk": lambda seed: talk(Talk(), ACLEW, sessions=5, length_ms=HOUR, seed=seed).events,
    "matching": lambda seed: matching(Matching(), OURS, sessions=5, steps=600, seed=seed).events,
    "paced": lambda seed: paced(Paced(), OURS, sessions=5, units=600, seed=seed).events,
}


def fingerprint(made: Events | Diary) -> str:
    columns = [getattr(made, field.name) for field in fields(made)]
    return hashlib.sha256(
        b"".join(column.tobytes() for column in columns if isinstance(column, np.ndarray))
    ).hexdigest()


@pytest.mark.parametrize("name", MADE)
def test_the_same_seed_gives_the_same_bytes_and_another_one_others(name):
    np.random.seed(1)  # what others do with the global generator changes nothing
    first = fingerprint(MADE[name](7))
    assert fingerprint(MADE[name](7)) == first
    assert fingerprint(MADE[name](8)) != first


@pytest.mark.parametrize("name", MADE)
def test_events_are_sorted_inside_their_sessions_and_of_their_scheme(name):
    made = MADE[name](3)
    order = np.lexsort((made.end, made.start, made.session))
    assert np.array_equal(order, np.arange(len(made)))
    assert len(made) > 20 and len(made.sessions) == 5
    assert made.start.min() >= 0
    assert (made.start <= made.end).all() and (made.end <= made.duration_ms[made.session]).all()
    assert made.codes in (OURS.ids, ACLEW.ids)
    assert (made.session.dtype, made.start.dtype) == (np.dtype(np.int32), np.dtype(np.int64))


def test_signals_come_at_their_rates_and_stand_apart():
    made = calls(replace(BUSY, apart_ms=3_000), OURS, sessions=40, length_ms=HOUR, seed=1)
    child = made.events.actor == 0
    onset = made.events.session[child].astype(np.int64) * 10**9 + made.events.start[child]
    assert np.diff(onset).min() >= 3_000
    per_minute = made.truth.signals.sum() / (40 * 60)
    assert per_minute == pytest.approx(6, abs=4 * np.sqrt(6 / 2400))
    break_share = OURS.with_function(Function.BREAK)[made.events.code[child]].mean()
    assert break_share == pytest.approx(1 / 3, abs=0.02)


def test_what_followed_is_what_the_truth_says():
    made = calls(Calls(apart_ms=20_000, per_minute={Function.CONNECT: 1.0}), OURS, sessions=200, length_ms=HOUR, seed=2)
    assert made.truth.fitted.sum() / made.truth.signals.sum() == pytest.approx(0.6, abs=0.02)
    assert made.truth.misread.sum() / made.truth.signals.sum() == pytest.approx(0.1, abs=0.01)
    assert made.truth.other_acts.sum() == 0
    acts = int((made.events.actor == 1).sum())
    assert acts == made.truth.fitted.sum() + made.truth.misread.sum()


@pytest.mark.parametrize("wait", [Lognormal(1_200, 0.8), Uniform(100, 4_100)])
def test_a_wait_is_as_its_distribution_says(wait):
    drawn = wait.draw(np.random.default_rng(4), 200_000)
    assert drawn.min() >= 1
    assert np.median(drawn) == pytest.approx(wait.middle_ms, rel=0.01)
    for ms in (500, 2_000, 4_000):
        assert np.mean(drawn <= ms) == pytest.approx(wait.share_by(ms), abs=0.005)


def test_a_diary_is_noted_as_its_family_notes():
    family = Family(together=0.68, icc=0.1, per_day=5, noted=0.4, upset_noted=2, mismarked=0.05)
    made = diary(family, OURS, days=2_000, seed=1)
    noted, settled = len(made.diary), made.diary.outcome == OURS.at["settled-with-you"]
    assert made.truth.happened.sum() == 10_000
    assert made.truth.happened[0] / 10_000 == pytest.approx(0.68, abs=0.02)
    assert made.truth.noted.sum() == noted
    assert settled.mean() == pytest.approx(family.looks, abs=0.03)
    assert fingerprint(diary(family, OURS, days=50, seed=3).diary) == fingerprint(
        diary(family, OURS, days=50, seed=3).diary
    )


def test_two_coders_err_as_often_as_asked():
    way = Coders(shares=(0.5, 0.5), errs=0.1)
    assert way.kappa == pytest.approx((0.82 - 0.5) / 0.5)
    made = coders(way, OURS, recordings=30, seconds=1_800, seed=1)
    same = np.concatenate([first.events.code == second.events.code for first, second in made])
    assert same.mean() == pytest.approx(0.82, abs=4 * np.sqrt(0.82 * 0.18 / len(same)))
    assert all(np.array_equal(first.events.start, second.events.start) for first, second in made)
    again = coders(way, OURS, recordings=30, seconds=1_800, seed=1)
    assert [fingerprint(coding.events) for coding in again[7]] == [fingerprint(coding.events) for coding in made[7]]


def test_days_are_as_alike_as_asked():
    """Of moments on the same day, the correlation is the icc: variance of day shares over p (1 - p)."""
    shares = diary(Family(together=0.6, icc=0.2), OURS, days=20_000, seed=5).truth.day_shares
    assert shares.mean() == pytest.approx(0.6, abs=0.01)
    assert shares.var() / (0.6 * 0.4) == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: calls(Calls(fitting=0.8, misread=0.3), OURS, sessions=1, length_ms=HOUR, seed=1),
        lambda: calls(
            Calls(), ACLEW, sessions=1, length_ms=HOUR, seed=1
        ),  # every act fits there: nothing can be misread
        lambda: calls(Calls({Function.BREAK: 1}, misread=0), ACLEW, sessions=1, length_ms=HOUR, seed=1),
        lambda: calls(Calls(), OURS, sessions=0, length_ms=HOUR, seed=1),
        lambda: calls(Calls(), OURS, sessions=1, length_ms=5_000, seed=1),
        lambda: upsets(Upsets(calm_ms=5_000), OURS, sessions=1, length_ms=HOUR, seed=1),
        lambda: upsets(Upsets(coded=True), ACLEW, sessions=1, length_ms=HOUR, seed=1),
        lambda: talk(Talk(goes_on=1), OURS, sessions=1, length_ms=HOUR, seed=1),
        lambda: matching(Matching(repair=0), OURS, sessions=1, steps=10, seed=1),
        lambda: matching(Matching(), ACLEW, sessions=1, steps=10, seed=1),
        lambda: paced(Paced(near=1.2), OURS, sessions=1, units=10, seed=1),
        lambda: diary(Family(icc=1), OURS, days=3, seed=1),
        lambda: diary(Family(), ACLEW, days=3, seed=1),
        lambda: coders(Coders(shares=(0.5, 0.2)), OURS, recordings=1, seconds=60, seed=1),
        lambda: coders(Coders(), ACLEW, recordings=1, seconds=60, seed=1),
        lambda: grow(Dyad(), families=1, months=40, seed=1),
    ],
)
def test_what_makes_no_sense_is_refused(asked):
    with pytest.raises(WrongUse):
        asked()


MONTHS, WEEKS = np.arange(0, 36.1, 0.5), np.arange(0.5, 40, 0.5)


def test_goodbyes_upset_most_around_the_first_birthday():
    upset = separation_upset(MONTHS)
    assert 9 <= MONTHS[upset.argmax()] <= 14
    assert upset[-1] < 0.2


def test_wariness_appears_after_six_months_and_eases():
    wary = wariness(MONTHS)
    assert wariness(6.0) < 0.35
    assert 9 <= MONTHS[wary.argmax()] <= 15
    assert wary[-1] < wary.max() / 2


def test_crying_is_flat_and_high_for_six_weeks_or_peaks_there():
    assert all(117 <= crying_minutes(week) <= 133 for week in (1, 2, 4, 6))
    assert 60 <= crying_minutes(11) <= 76
    assert 5 <= WEEKS[crying_minutes(WEEKS, peak=1.0).argmax()] <= 7


def test_three_matching_moments_in_ten_with_repair_and_few_without():
    with_repair, without = (
        matching(Matching(repair=chance), OURS, sessions=50, steps=2_000, seed=1).truth.matched_steps.sum() / 100_000
        for chance in (0.35, 0.05)
    )
    assert 0.27 <= with_repair <= 0.33
    assert without < 0.10


def test_about_half_settled_together_is_enough_for_trust_above_a_half():
    half, less = (grow(Dyad(answers=answers), families=12, months=13, seed=1) for answers in (0.5, 0.3))
    assert 0.5 <= half.settled_share <= 0.6
    assert half.at(12) >= 0.5
    assert less.at(12) < 0.45


def test_mending_rescues_answers_that_seldom_fit_at_first():
    trust = [
        grow(Dyad(answers=0.8, first_fit=0.3, mends=m), families=12, months=13, seed=1).at(12) for m in (0, 0.2, 0.45)
    ]
    assert trust[0] < 0.5 < trust[1] < trust[2]


def test_the_simulator_knows_nothing_of_how_we_count():
    """Else a fault in a rule could hide in the truth that the rule is held to."""
    used = {
        name
        for path in Path(simulated.__file__).parent.glob("*.py")
        for name in re.findall(r"^from attunement\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert used <= {"schemes", "events", "clock", "errors", "simulate"}
    assert "schemes" in used
