"""What is offered first when a moment is noted."""

from collections import Counter

import pytest
from tests.noting import SCHEME, tapped

from attunement.insights import acts_noted, fitting_acts, likely_outcomes, usual_signals, what_was_noted
from attunement.schemes import Function

EMPTY = tapped()
AGES = [0, 1, 2, 3, 4, 6, 7.5, 9, 12, 15, 18, 24, 30, 36, 40]
SIGNALS = [code.id for code in SCHEME.codes if code.kind == "signal"]


@pytest.mark.parametrize("age", AGES)
def test_eight_signals_of_this_age_and_of_every_function(age):
    choices = usual_signals(EMPTY, age, SCHEME)
    codes = [SCHEME[code] for code in choices.first]
    assert len(codes) == len(set(codes)) == 8
    assert all(code.from_month <= min(age, 36) <= code.to_month for code in codes)
    explores = {Function.EXPLORE} if age >= 2 else set()  # nothing explores a thing before two months
    assert {code.function for code in codes} == {Function.CONNECT, Function.COMFORT, Function.BREAK} | explores
    assert "cry" in choices.first


@pytest.mark.parametrize("age", AGES)
def test_no_signal_of_the_age_is_lost(age):
    choices = usual_signals(tapped(("cry",)), age, SCHEME)
    usual = {code for code in SIGNALS if SCHEME[code].from_month <= min(age, 36) <= SCHEME[code].to_month}
    assert set(choices.first) | set(choices.more) == usual
    assert not set(choices.first) & set(choices.more)


def test_what_this_family_notes_comes_in():
    diary = tapped(*[("tantrum",)] * 3, *[("point-to-share",)] * 2, ("says-no",))
    first = usual_signals(diary, 18, SCHEME).first
    assert {"tantrum", "point-to-share", "says-no"} <= set(first)
    assert "tantrum" not in usual_signals(EMPTY, 18, SCHEME).first


def test_buttons_do_not_move_when_habits_only_change_rank():
    once = usual_signals(tapped(("fuss",), ("cry",), ("cry",)), 9, SCHEME)
    turned = usual_signals(tapped(("fuss",), ("fuss",), ("fuss",), ("cry",)), 9, SCHEME)
    assert once.first == turned.first


def test_a_signal_of_another_age_stays_out_however_often_it_was_noted():
    assert "coo" not in usual_signals(tapped(*[("coo",)] * 50), 12, SCHEME).first


@pytest.mark.parametrize("signal", SIGNALS)
def test_acts_that_fit_come_first_and_not_answering_is_as_easy(signal):
    choices = fitting_acts(signal, 12, SCHEME, {})
    row = SCHEME.fits[SCHEME.at[signal]]
    assert choices.first[-1] == "no-response"
    assert 2 < len(choices.first) <= 8
    assert all(row[SCHEME.at[act]] for act in choices.first[:-1])
    offered = (*choices.first, *choices.more)
    assert sorted(offered) == sorted(
        code.id for code in SCHEME.codes if code.kind in ("act", "miss") and code.from_month <= 12 <= code.to_month
    )


def test_acts_by_habit():
    diary = tapped(("cry", "sing stay-near"), ("cry", "stay-near"), ("coo", "talk talk"))
    habits = acts_noted(diary, SCHEME, after="cry")
    assert habits == {"stay-near": 2, "sing": 1}
    assert fitting_acts("cry", 9, SCHEME, habits).first[:3] == ("stay-near", "sing", "touch")
    assert acts_noted(diary, SCHEME) == {"stay-near": 2, "sing": 1, "talk": 2}
    assert acts_noted(diary, SCHEME, after="yawn") == {}


@pytest.mark.parametrize(
    ("signal", "first"), [("hunger-cue", "feed-or-nurse"), ("arms-up", "touch"), ("yawn", "give-space")]
)
def test_what_a_signal_asks_for_is_offered_before_what_fits_as_well(signal, first):
    assert fitting_acts(signal, 9, SCHEME, {}).first[0] == first


def test_feeding_is_near_when_a_baby_cries_at_night():
    assert "feed-or-nurse" in fitting_acts("cry", 2, SCHEME, {}, n=7).first


def test_a_habit_that_does_not_fit_is_no_first_choice():
    assert "play-back" not in fitting_acts("look-away", 9, SCHEME, {"play-back": 99}).first


def test_a_good_moment_has_nothing_to_miss():
    choices = fitting_acts(None, 9, SCHEME, {"sing": 1})
    assert choices.first[0] == "sing"
    assert all(SCHEME[act].kind == "act" for act in choices.first)


@pytest.mark.parametrize("signal", [*SIGNALS, None])
def test_every_ending_is_offered_and_not_sure_is_always_near(signal):
    choices = likely_outcomes(signal, 12, SCHEME)
    assert choices.first[-1] == "not-sure"
    assert len({*choices.first, *choices.more}) == len(choices.first) + len(choices.more) == 14
    if signal and SCHEME[signal].upset:
        assert choices.first[0] == "settled-with-you"
        assert {"settled-alone", "still-upset"} <= set(choices.first)


def test_endings_keep_to_the_age():
    assert "came-back-for-more" not in (
        *likely_outcomes("coo", 3, SCHEME).first,
        *likely_outcomes("coo", 3, SCHEME).more,
    )


def test_facts_for_choosing_an_idea():
    facts = what_was_noted(
        tapped(
            ("cry", "rock", "settled-with-you"), ("cry", "", "still-upset"), ("tantrum", "sharp-voice", "more-upset"),
            ("coo", "no-response"), ("coo", "no-response", None, 1), ("look-away", "play-back"), (None,),
            ("cling", "left-without-bye"),
        ),
        SCHEME,
    )  # fmt: skip
    expected = {
        "moments": 8, "connect": 2, "comfort": 4, "break": 1, "upset": 4, "upset-together": 1, "unsettled": 2, "missed": 2,
        "misread": 3, "answered": 1, "mended": 1, "open-connect": 1, "open-break": 1, "open-comfort": 2, "goodbyes": 1,
        "good": 1, "cry": 2, "still-upset": 1, "more-upset": 1, "sharp-voice": 1, "left-without-bye": 1,
    }  # fmt: skip
    assert {key: facts[key] for key in expected} == expected
    assert facts["no-response"] == 0  # "missed" says it: one moment, one count
    assert facts["explore"] == 0


def test_names_of_facts_are_no_codes():
    facts = what_was_noted(
        tapped(("cry", "rock", "settled-alone"), ("check-back", "talk"), ("coo", "late-response")), SCHEME
    )
    named = [key for key in facts if key not in SCHEME.at]
    assert Counter(named) == Counter(dict.fromkeys(
        ["moments", "upset", "upset-alone", "answered", "late", "upset-and-comfort", "calls-and-answers", "exploring",
         "connect", "comfort", "explore", "open-connect"], 1,
    ))  # fmt: skip
    assert facts["settled-alone"] == 1
