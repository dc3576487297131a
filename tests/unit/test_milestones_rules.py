"""What to look for at an age, what a moment suggests, and when a skill calls for a talk with the doctor."""

import inspect
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attunement.clock import age_on, months_after
from attunement.milestones import (
    Flag,
    Level,
    State,
    all_milestones,
    milestone,
    notice,
    states_for,
    suggested_by,
    to_look_for,
)

BORN = date(2026, 1, 15)


def at(months, *, days=0, weeks=None):
    return age_on(months_after(BORN, months) + timedelta(days), born=BORN, gestation_weeks=weeks)


def ids(milestones):
    return [each.id for each in milestones]


def test_there_are_two_or_three_to_look_for_at_every_age_and_none_is_a_warning():
    for months in range(49):
        chosen = to_look_for(at(months))
        assert 2 <= len(chosen) <= 3, months
        assert all(each.flag is not Flag.LOSS for each in chosen), months


def test_at_every_age_to_three_they_are_in_their_window_and_of_different_capacities():
    for months in range(37):
        chosen = to_look_for(at(months))
        assert all(each.window.holds(months) for each in chosen), months
        assert len({each.domain for each in chosen}) == len(chosen) == 3, months


def test_what_is_often_seen_gives_way_to_the_next():
    first = to_look_for(at(6))
    then = to_look_for(at(6), {first[0].id: State.OFTEN, first[1].id: State.GONE, first[2].id: State.STARTING})
    assert first[0] not in then and first[1] not in then and first[2] in then


def test_when_all_is_often_seen_there_is_nothing_to_look_for():
    assert to_look_for(at(6), {each.id: State.OFTEN for each in all_milestones()}) == ()


def test_a_baby_born_early_is_looked_at_by_corrected_age():
    assert to_look_for(at(6, weeks=28)) == to_look_for(at(3, days=7))


@pytest.mark.parametrize("months", [0, 1, 12, 36])
def test_a_skill_that_is_gone_calls_for_a_talk_at_any_age_and_flag(months):
    for row in all_milestones():
        assert notice(row, State.GONE, at(months)) is Level.TALK_SOON, row.id


def test_not_yet_calls_for_a_talk_from_the_checkpoint_on_and_not_a_day_before():
    for row in all_milestones():
        if row.flag is Flag.ASK:
            day_before = at(row.age_months, days=-1)
            assert notice(row, State.NOT_YET, day_before) in (Level.KEEP_NOTICING, None), row.id
            assert notice(row, State.NOT_YET, at(row.age_months)) is Level.TALK_SOON, row.id


def test_not_yet_without_a_flag_only_ever_says_keep_noticing():
    for row in all_milestones():
        if row.flag is Flag.NONE:
            said = {notice(row, State.NOT_YET, at(months)) for months in range(0, 49, 3)}
            assert Level.KEEP_NOTICING in said and Level.TALK_SOON not in said, row.id


def test_before_its_window_there_is_nothing_to_say():
    assert notice(milestone("points-to-share-18"), State.NOT_YET, at(10)) is None
    assert notice(milestone("points-to-share-18"), State.NOT_YET, at(11)) is Level.KEEP_NOTICING


def test_corrected_age_moves_the_check_until_24_months_and_stops_after():
    row = milestone("babble-strings-9")
    assert notice(row, State.NOT_YET, at(9, weeks=32)) is Level.KEEP_NOTICING
    assert notice(row, State.NOT_YET, at(11, weeks=32)) is Level.TALK_SOON
    words = milestone("two-words-together-24")
    assert notice(words, State.NOT_YET, at(24, weeks=32)) is Level.KEEP_NOTICING
    assert notice(words, State.NOT_YET, at(24, days=1, weeks=32)) is Level.TALK_SOON


@given(st.sampled_from(all_milestones()), st.sampled_from([State.STARTING, State.OFTEN]), st.integers(0, 60))
def test_what_is_starting_or_often_seen_raises_nothing(row, state, months):
    assert notice(row, state, at(months)) is None


def test_nothing_about_replies_can_enter_the_rule():
    assert list(inspect.signature(notice).parameters) == ["milestone", "state", "age"]


def test_a_phase_that_ends_by_itself_is_never_offered_as_gone():
    assert State.GONE not in states_for(milestone("goodbye-tears-9"))
    assert State.GONE not in states_for(milestone("first-tantrums-12"))
    assert states_for(milestone("smiles-back-2")) == tuple(State)
    assert states_for(milestone("keeps-skills-12")) == (State.OFTEN, State.GONE)


def test_a_first_smile_suggests_the_milestone_of_its_age():
    assert ids(suggested_by(["social-smile", "smile-back"], age=at(2)))[0] == "smiles-back-2"


def test_crying_alone_does_not_suggest_calming_when_held():
    assert "eases-when-held-2" not in ids(suggested_by(["cry", "still-upset"]))
    assert ids(suggested_by(["cry", "hold-chest-to-chest", "settled-with-you"], age=at(1)))[0] == "eases-when-held-2"


def test_every_code_of_a_row_together_suggests_it_and_no_moment_suggests_a_loss():
    for row in all_milestones():
        assert (row in suggested_by(row.cue_examples)) == (row.flag is not Flag.LOSS), row.id


def test_what_is_often_seen_is_not_suggested_and_what_the_family_follows_is_even_late():
    assert "smiles-back-2" not in ids(suggested_by(["social-smile"], states={"smiles-back-2": State.OFTEN}))
    assert "smiles-back-2" not in ids(suggested_by(["social-smile"], age=at(8)))
    assert "smiles-back-2" in ids(suggested_by(["social-smile"], age=at(8), states={"smiles-back-2": State.NOT_YET}))
