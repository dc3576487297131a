"""What notes may say, border by border: silence, rough words, a band, and a number for practitioners only."""

import time
import typing
from collections import Counter
from dataclasses import fields
from math import comb

import numpy as np
import pytest
from tests.noting import SCHEME, tapped

from attunement.constants import number
from attunement.events import Diary, events_from_rows
from attunement.insights import Dot, Insight, Tally, Voice, adds_up, tally, this_week
from attunement.moments.noted import Topic

CAREGIVER, PRACTITIONER = "caregiver", "practitioner"


def upsets(together: int, unresolved: int, alone: int = 0, *, days: int | None = None) -> Diary:
    """Cries by how they ended, one a day, or dealt out over `days`."""
    ends = ["settled-with-you"] * together + ["still-upset"] * unresolved + ["settled-alone"] * alone
    return tapped(*(("cry", "", end) for end in ends), days=[at % (days or len(ends)) for at in range(len(ends))])


def said(diary: Diary, topic: Topic = Topic.UPSET, audience: str = CAREGIVER) -> Insight:
    return next(found for found in adds_up(diary, SCHEME, audience=audience) if found.topic is topic)


@pytest.mark.parametrize(
    ("n", "days", "caregiver", "practitioner"),
    [
        (0, 0, Voice.SILENT, Voice.SILENT),
        (7, 7, Voice.SILENT, Voice.SILENT),
        (8, 8, Voice.ROUGH, Voice.ROUGH),
        (8, 7, Voice.SILENT, Voice.SILENT),  # two on one day: 7.9 effective notes
        (12, 2, Voice.SILENT, Voice.SILENT),
        (12, 3, Voice.ROUGH, Voice.ROUGH),
        (19, 19, Voice.ROUGH, Voice.ROUGH),
        (20, 20, Voice.BAND, Voice.BAND),
        (60, 4, Voice.ROUGH, Voice.ROUGH),  # 25 effective notes, on too few days
        (60, 5, Voice.BAND, Voice.BAND),
        (49, 49, Voice.BAND, Voice.BAND),
        (50, 50, Voice.BAND, Voice.NUMBER),
        (50, 49, Voice.BAND, Voice.BAND),
    ],
)
def test_the_voice_changes_at_its_borders(n, days, caregiver, practitioner):
    counts = Tally(n // 2, n, days)
    assert (counts.voice(CAREGIVER), counts.voice(PRACTITIONER)) == (caregiver, practitioner)


def test_the_borders_are_those_of_the_constants():
    keys = ("show_words_only_below", "show_rough_from", "show_rough_days", "show_band_from", "show_band_days")
    assert [number(key) for key in keys] == [8, 8, 3, 20, 5]
    assert number("show_number_from") == 50


def test_notes_of_one_day_count_for_less():
    assert Tally(10, 20, 4).design_effect == pytest.approx(1.4)  # five a day, icc .1
    assert Tally(10, 20, 4).n_eff == pytest.approx(20 / 1.4)
    assert Tally(3, 6, 6).n_eff == 6


@pytest.mark.parametrize(
    ("diary", "code"),
    [
        (tapped(), "nothing-noted"),
        (upsets(3, 4), "too-few"),
        (upsets(10, 10, days=2), "too-few-days"),
        (upsets(4, 4), "about-half"),  # eight notes: rough words begin
        (upsets(5, 3), "about-half"),
        (upsets(3, 5), "about-half"),
        (upsets(6, 2), "more-than-half"),
        (upsets(2, 6), "fewer-than-half"),
        (upsets(8, 0), "more-than-half"),  # all of eight: still not nearly all
        (upsets(28, 1), "more-than-half"),
        (upsets(27, 3), "more-than-half"),  # nine in ten is not above nine in ten
        (upsets(28, 2), "nearly-all"),
        (upsets(8, 22), "settling-hard"),
        (upsets(9, 21), "fewer-than-half"),  # the upper bound is .42
        (upsets(4, 25), "fewer-than-half"),  # 29 notes
        (upsets(8, 22, days=29), "fewer-than-half"),  # 29.9 effective notes
        (upsets(8, 10, 12), "fewer-than-half"),  # settles alone more often than staying upset: not hard
        (upsets(8, 12, 10), "settling-hard"),
    ],
)
def test_words_for_upset_moments(diary, code):
    assert said(diary).code == code


def test_settling_hard_needs_five_days():
    hard = [(code, n) for n in (60, 90, 200) for days in (3, 4) if (code := said(upsets(0, n, days=days)).code)]
    assert {code for code, _ in hard} == {"fewer-than-half"}
    assert said(upsets(0, 200, days=10)).code == "settling-hard"


def test_only_upset_moments_are_ever_called_hard():
    calls = tapped(*[("coo", "no-response")] * 60)
    assert said(calls, Topic.CALLS).code == "fewer-than-half"


CODES = {"nothing-noted", "too-few", "too-few-days", "about-half", "more-than-half", "fewer-than-half", "nearly-all",
         "settling-hard"}  # fmt: skip


@pytest.mark.parametrize("together", [0, 1, 3, 10, 30, 60])
def test_no_share_however_small_raises_a_flag(together):
    """Red flags come from what a caregiver says, never from response statistics: an insight has no place for one."""
    for audience in (CAREGIVER, PRACTITIONER):
        assert said(upsets(together, 60 - together), audience=audience).code in CODES
    assert not {"flag", "level", "alarm", "ask", "doctor"} & {field.name for field in fields(Insight)}


@pytest.mark.parametrize(("n", "at_most"), [(8, 0.17), (10, 0.17), (20, 0.13), (30, 0.10), (50, 0.06)])
def test_a_family_at_six_in_ten_is_rarely_told_fewer_than_half(n, at_most):
    """`at_most`: how often such a family merely looks below half (constants, section 9). We say it far less often."""
    told = [k for k in range(n + 1) if Tally(k, n, n).words() == "fewer-than-half"]
    chance = sum(comb(n, k) * 0.6**k * 0.4 ** (n - k) for k in told)
    assert 0 < chance <= at_most / 3


def test_the_same_by_simulated_diaries():
    rng = np.random.default_rng(7)
    codes = Counter(said(upsets(int(k), 10 - int(k))).code for k in rng.binomial(10, 0.6, 400))
    assert codes["fewer-than-half"] / 400 <= 0.17
    assert codes["about-half"] > codes["fewer-than-half"]


@pytest.mark.parametrize("n", [7, 8, 20, 50, 300])
def test_caregivers_never_get_a_number(n):
    for found in adds_up(upsets(n // 2, n - n // 2), SCHEME, audience=CAREGIVER):
        assert found.counts is None
        assert found.voice is not Voice.NUMBER


def test_a_band_is_drawn_from_twenty_on():
    assert said(upsets(10, 9)).band is None
    low, high = said(upsets(10, 10)).band
    below_low = sum(comb(21, k) * low**k * (1 - low) ** (21 - k) for k in range(11, 22))  # Beta(11, 11) by the binomial
    assert below_low == pytest.approx(0.10)
    assert high == pytest.approx(1 - low)


def test_practitioners_see_counts_with_their_interval():
    assert said(upsets(25, 24), audience=PRACTITIONER).counts is None
    counts = said(upsets(25, 25), audience=PRACTITIONER).counts
    assert (counts.k, counts.n, counts.n_eff) == (25, 50, 50)
    assert counts.interval == pytest.approx((0.366, 0.634), abs=2e-3)  # Beta(26, 26), 95 %
    crowded = said(upsets(50, 50, days=10), audience=PRACTITIONER).counts
    assert crowded.n_eff == pytest.approx(100 / 1.9)
    assert crowded.interval[0] == pytest.approx(0.37, abs=0.01)  # as wide as 53 notes, not as narrow as 100 (.40)


def test_what_was_mended_is_said_first():
    diary = tapped(("coo", "no-response", None, 1), *[("coo", "talk")] * 9)
    calls = said(diary, Topic.CALLS)
    assert calls.says == ("mended-first", "more-than-half")
    assert said(tapped(("coo", "repair")), Topic.CALLS).says == ("mended-first", "too-few")
    assert said(diary, Topic.BREAKS).says == ("nothing-noted",)
    assert this_week(diary, SCHEME).code == "mended-first"


def test_a_mended_miss_counts_as_having_met():
    mended = tapped(*[("coo", "no-response", None, 1)] * 8)
    assert said(mended, Topic.CALLS).code == "more-than-half"
    assert said(tapped(*[("coo", "no-response")] * 8), Topic.CALLS).code == "fewer-than-half"


def test_dots_show_each_moment_in_the_order_of_days():
    diary = tapped(
        ("coo", "talk"), ("coo", "no-response"), ("coo", ""), ("coo", "no-response", None, 1), days=[4, 3, 2, 1]
    )
    assert said(diary, Topic.CALLS).dots == (Dot.MENDED, Dot.NOT_SAID, Dot.MISSED, Dot.ANSWERED)
    last = next(
        found for found in adds_up(diary, SCHEME, audience=CAREGIVER, most_dots=2) if found.topic is Topic.CALLS
    )
    assert last.dots == (Dot.MISSED, Dot.ANSWERED)
    endings = tapped(("cry", "", "cuddle-in"), ("cry", "rock", "still-upset"), ("cry", "", "settled-alone"), ("cry",))
    assert said(endings).dots == (Dot.ANSWERED, Dot.MISSED, Dot.NOT_SAID, Dot.NOT_SAID)


def test_a_basis_counts_what_says_enough():
    basis = said(
        tapped(("coo", "talk"), ("coo", ""), ("coo", "talk"), days=[19_000, 19_001, 19_003]), Topic.CALLS
    ).basis
    assert (basis.n, basis.noted, basis.days) == (2, 3, 2)
    assert (str(basis.first), str(basis.last)) == ("2022-01-08", "2022-01-11")


def test_the_five_topics_stand_in_a_fixed_order_and_share_no_moment():
    diary = tapped(("cry",), ("coo",), ("yawn",), ("check-back",), ("follow",), (None,))
    found = adds_up(diary, SCHEME, audience=CAREGIVER)
    assert [str(each.topic) for each in found] == [
        "upset-and-comfort", "calls-and-answers", "breaks", "exploring", "goodbyes",
    ]  # fmt: skip
    assert [each.basis.noted for each in found] == [1, 1, 1, 1, 1]


def test_the_order_of_notes_changes_nothing():
    rng = np.random.default_rng(3)
    rows = [("cry", "rock", end) for end in ["settled-with-you"] * 14 + ["still-upset"] * 9]
    rows += [
        ("coo", act, None, mended) for act in ("talk", "no-response", "") for mended in (None, 1) for _ in range(5)
    ]
    order = rng.permutation(len(rows))
    before = tapped(*rows, days=list(range(len(rows))))
    after = tapped(*(rows[at] for at in order), days=[int(at) for at in order])
    for audience in (CAREGIVER, PRACTITIONER):
        assert adds_up(before, SCHEME, audience=audience) == adds_up(after, SCHEME, audience=audience)


def test_observed_sessions_cannot_be_added_to_notes():
    assert typing.get_type_hints(adds_up)["diary"] is Diary
    assert typing.get_type_hints(tally)["diary"] is Diary
    with pytest.raises(AttributeError):
        adds_up(events_from_rows([("child", "cry", 0, 1_000)]), SCHEME, audience=CAREGIVER)


@pytest.mark.parametrize(
    ("rows", "code", "count"),
    [
        ([], "quiet-week", 0),  # gaps are silent and fine
        ([("coo", "talk")] * 7, "too-few", 7),
        ([("coo", "talk")] * 8, "answered-count", 8),
        ([("coo", "talk")] * 8 + [(None,)], "answered-count", 8),
        ([("coo", "talk"), (None,), (None,)], "good-moments", 2),
        ([("coo", "no-response")] * 8, "thanks", 8),
        ([("coo", "talk")] * 30 + [("cry", "no-response", None, 1)], "mended-first", 1),
    ],
)
def test_one_sentence_for_the_week(rows, code, count):
    week = this_week(tapped(*rows), SCHEME)
    assert (week.code, week.count) == (code, count)
    assert len(week.dots) == len(rows)


def test_a_good_moment_is_a_filled_dot():
    assert this_week(tapped((None,), (None, "no-response"), ("coo",)), SCHEME).dots == (
        Dot.ANSWERED, Dot.NOT_SAID, Dot.NOT_SAID,
    )  # fmt: skip


def test_a_hundred_thousand_moments_add_up_at_once():
    rng, n, m = np.random.default_rng(1), 100_000, 150_000
    pick = {kind: np.flatnonzero([code.kind == kind for code in SCHEME.codes]) for kind in ("signal", "act", "outcome")}
    diary = Diary(
        *(np.asarray(column, np.int32) for column in (
            np.sort(rng.integers(19_000, 20_000, n)), rng.choice(pick["signal"], n), rng.choice(pick["outcome"], n),
            rng.integers(-1, 2, n), np.full(n, -1), rng.integers(0, n, m), rng.choice(pick["act"], m),
        )), SCHEME.ids,
    )  # fmt: skip

    def seconds() -> float:
        began = time.process_time()  # what this work costs, whatever else the machine is doing
        adds_up(diary, SCHEME, audience=CAREGIVER, most_dots=60)
        return time.process_time() - began

    assert min(seconds() for _ in range(7)) < 0.030
