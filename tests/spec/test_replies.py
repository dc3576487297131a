"""Replies, as pictures. One character is half a second; see drawn.py for the letters."""

import pytest
from tests.spec.drawn import ATTUNEMENT, drawn

from attunement.errors import WrongUse
from attunement.events import events_from_rows
from attunement.measures import Reply, replies
from attunement.schemes import Function
from attunement.stats.intervals import wilson


def became(picture, **rule):
    """What became of each kind of reply: answered, late, misread, missed."""
    total = replies(drawn(picture), ATTUNEMENT, **rule).total
    return total.answered, total.late, total.misread, total.missed


def test_a_fitting_act_in_the_window_answers():
    assert became("""
        baby   cc............
        mother ......tt......
    """, window_ms=5_000) == (1, 0, 0, 0)  # fmt: skip


def test_the_last_moment_of_the_window_still_counts_and_the_next_does_not():
    picture = """
        baby   cc............
        mother ......tt......
    """
    assert became(picture, window_ms=2_000) == (1, 0, 0, 0)
    assert became(picture, window_ms=1_999) == (0, 1, 0, 0)


def test_an_act_that_begins_with_the_signal_is_no_answer_to_it():
    assert became("""
        baby   cc......
        mother tt......
    """) == (0, 0, 0, 1)  # fmt: skip


def test_an_act_already_under_way_answers_nothing():
    assert became("""
        baby   ..cc....
        mother tttttttt
    """) == (0, 0, 0, 1)  # fmt: skip


def test_an_act_may_begin_while_the_signal_lasts_unless_overlap_is_ruled_out():
    picture = """
        baby   cccc............
        mother ..t.............
    """
    assert became(picture) == (1, 0, 0, 0)
    assert became(picture, overlap=False) == (0, 0, 0, 1)


def test_without_overlap_an_act_may_begin_as_the_signal_ends():
    assert became("""
        baby   cccc............
        mother ....t...........
    """, overlap=False) == (1, 0, 0, 0)  # fmt: skip


def test_one_act_answers_several_signals_unless_each_act_answers_only_the_nearest():
    picture = """
        baby   c.c.c...........
        mother ......t.........
    """
    assert became(picture) == (3, 0, 0, 0)
    assert became(picture, reuse=False) == (1, 0, 0, 2)


def test_signals_that_begin_together_are_both_answered():
    assert became("""
        baby   c...........
        face   s...........
        mother ..t.........
    """, reuse=False) == (2, 0, 0, 0)  # fmt: skip


def test_a_fitting_act_after_the_window_and_before_the_next_signal_is_late():
    assert became("""
        baby   c...............c...
        mother ............t.......
    """, window_ms=2_000) == (0, 1, 0, 1)  # fmt: skip


def test_after_the_next_signal_an_act_is_no_late_answer_any_more():
    assert became("""
        baby   c.......c...........
        mother ............t.......
    """, window_ms=2_000) == (1, 0, 0, 1)  # fmt: skip


def test_an_act_at_the_onset_of_the_next_signal_is_still_late_for_this_one():
    assert became("""
        baby   c...............c...
        mother ................t...
    """, window_ms=2_000) == (0, 1, 0, 1)  # fmt: skip


def test_an_act_that_does_not_fit_is_a_misread_signal():
    assert became("""
        baby   l...........
        mother ..t.........
    """) == (0, 0, 1, 0)  # fmt: skip


def test_a_misread_signal_that_is_then_answered_in_the_window_is_answered():
    assert became("""
        baby   l...........
        mother ..t...g.....
    """) == (1, 0, 0, 0)  # fmt: skip


def test_a_misread_signal_that_is_answered_after_the_window_is_late():
    assert became("""
        baby   l...............
        mother ..t.........g...
    """, window_ms=2_000) == (0, 1, 0, 0)  # fmt: skip


def test_the_window_can_open_at_the_onset():
    picture = """
        baby   cccccc..........
        mother .......t........
    """
    assert became(picture, window_ms=3_500, from_="onset") == (1, 0, 0, 0)
    assert became(picture, window_ms=3_000, from_="onset") == (0, 1, 0, 0)


def test_points_are_signals_and_acts_like_any_other():
    assert became("""
        baby   C...C...........
        mother ..T.T...........
    """) == (1, 0, 0, 1)  # fmt: skip


def test_an_upset_signal_has_no_window_only_an_end():
    picture = """
        baby   yyyyyyyyyyyyyyyy....................................
        mother ..........................h.........................
    """
    assert became(picture, window_ms=1_000, calm_ms=5_000) == (1, 0, 0, 0)
    assert became(picture, window_ms=1_000, calm_ms=4_999) == (0, 0, 0, 1)


def test_comfort_answers_every_cry_of_its_episode_that_came_before():
    assert became("""
        baby   yy....yy....yy..............
        mother .................h..........
    """) == (3, 0, 0, 0)  # fmt: skip


def test_replies_are_told_by_function_and_by_caregiver():
    found = replies(drawn("""
        baby   c......l......c......
        mother ..t......t...........
        father ...............t.....
    """), ATTUNEMENT, window_ms=2_000)  # fmt: skip
    assert found.per_function[Function.CONNECT].answered == 2
    assert found.per_function[Function.BREAK].misread == 1
    assert found.answered_by == {"mother": 1, "father": 1}


def test_of_two_caregivers_at_the_very_same_time_the_file_does_not_choose():
    rows = [("baby", "coo", 0, 500), ("mother", "talk", 1_000, 2_000), ("father", "talk", 1_000, 2_000)]
    for given in (rows, rows[::-1]):
        assert replies(events_from_rows(given, codes=ATTUNEMENT.ids), ATTUNEMENT).answered_by == {"father": 1}


def test_with_one_caregiver_the_others_acts_do_not_count():
    picture = """
        baby   c............
        mother ...t.........
        father .t...........
    """
    events = drawn(picture)
    assert replies(events, ATTUNEMENT).answered_by == {"father": 1}
    assert replies(events, ATTUNEMENT, caregiver="mother").answered_by == {"mother": 1}
    with pytest.raises(WrongUse, match="aunt"):
        replies(events, ATTUNEMENT, caregiver="aunt")


def test_below_five_signals_there_is_no_share():
    four = replies(drawn("baby c.c.c.c.....\nmother .t.t.t.t........"), ATTUNEMENT)
    assert (four.total.signals, four.total.share, four.total.interval, four.chance) == (4, None, None, None)


def test_from_five_signals_the_share_comes_with_its_interval():
    five = replies(drawn("baby c.c.c.c.c...............\nmother .t.t.t.t........"), ATTUNEMENT, window_ms=500)
    assert five.total.share == 0.8
    assert five.total.interval == wilson(4, 5)


def test_accident_alone_would_answer_as_large_a_share_as_the_windows_cover():
    found = replies(drawn("""
        baby   C.C.C.C.C...........
        mother ..........T.........
    """), ATTUNEMENT, window_ms=2_000)  # fmt: skip
    assert found.chance == pytest.approx(2_000 / 10_000)  # one act in 10 s; 2 s before it are covered


def test_time_that_nobody_watched_does_not_water_chance_down():
    picture = """
        baby   C.C.C.C.C...........
        mother ..........T.........
    """
    found = replies(drawn(picture, observed_ms=5_000), ATTUNEMENT, window_ms=2_000)
    assert found.chance == pytest.approx(2_000 / 5_000)


def test_nothing_happened_and_nothing_is_said():
    found = replies(drawn("baby ......\nmother ......"), ATTUNEMENT)
    assert (found.total.signals, found.total.share, found.chance, found.answered_by) == (0, None, None, {})
    assert found.per_session.shape == (1, len(Reply))


@pytest.mark.parametrize("rule", [{"window_ms": 0}, {"window_ms": -5}, {"window_ms": 10**9}, {"from_": "middle"}])
def test_a_rule_that_makes_no_sense_is_refused(rule):
    with pytest.raises(WrongUse):
        replies(drawn("baby c"), ATTUNEMENT, **rule)
