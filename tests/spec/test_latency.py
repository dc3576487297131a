"""Latency, as pictures."""

import pytest
from tests.spec.drawn import ATTUNEMENT, drawn

from attunement.measures import latency


def waited(picture):
    found = latency(drawn(picture), ATTUNEMENT)
    return [(int(time), bool(seen)) for time, seen in zip(found.times, found.seen, strict=True)]


def test_a_sound_is_waited_for_from_its_end():
    assert waited("""
        baby   cccc............
        mother ......t.........
    """) == [(1_000, True)]  # fmt: skip


def test_a_smile_is_waited_for_from_its_onset():
    assert waited("""
        baby   ssss............
        mother ......t.........
    """) == [(3_000, True)]  # fmt: skip


def test_an_act_that_begins_during_the_sound_came_before_its_end():
    assert waited("""
        baby   cccc............
        mother ..t.............
    """) == [(-1_000, True)]  # fmt: skip


def test_the_next_signal_ends_the_waiting_unseen():
    assert waited("""
        baby   c.......c.......
        mother ..........t.....
    """) == [(3_500, False), (500, True)]  # fmt: skip


def test_an_act_at_the_onset_of_the_next_signal_is_still_an_answer_to_this_one():
    assert waited("""
        baby   c...c...........
        mother ....t...........
    """) == [(1_500, True), (5_500, False)]  # fmt: skip


def test_the_end_of_the_session_ends_the_waiting_unseen():
    assert waited("baby c.........") == [(4_500, False)]


def test_an_act_that_does_not_fit_is_waited_through():
    assert waited("""
        baby   l...........
        mother ..t...g.....
    """) == [(3_000, True)]  # fmt: skip


def test_upset_signals_are_left_to_comfort():
    assert waited("""
        baby   yyyy........
        mother ......h.....
    """) == []  # fmt: skip


def test_the_median_waits_for_five_answers():
    four = "baby   c...c...c...c...\nmother .t...t...t...t.."
    five = "baby   c...c...c...c...c...\nmother .t...t...t....t...t."
    assert latency(drawn(four), ATTUNEMENT).median_ms is None
    found = latency(drawn(five), ATTUNEMENT)
    assert (found.median_ms, found.quartiles_ms) == (0, (0, 500))


def test_unanswered_signals_move_the_median_up():
    with_silence = "baby   c...c...c...c...c...c...c...\nmother .t...t...t....t...t........."
    assert latency(drawn(with_silence), ATTUNEMENT).median_ms == 500
    silent = "baby   " + "c..." * 6 + "c...c...c...c...c...\nmother " + "...." * 6 + ".t...t...t....t...t."
    assert latency(drawn(silent), ATTUNEMENT).median_ms is None  # six of eleven were never seen to be answered


def test_with_one_caregiver_the_others_are_not_waited_for():
    events = drawn("baby   c.......\nmother ....t...\nfather .t......")
    assert latency(events, ATTUNEMENT, caregiver="mother").times.tolist() == [1_500]


def test_nothing_happened():
    found = latency(drawn("baby ...."), ATTUNEMENT)
    assert (found.median_ms, found.quartiles_ms, len(found.times)) == (None, (None, None), 0)


@pytest.mark.parametrize("code", ["t", "T"])
def test_points_and_spans_answer_alike(code):
    assert waited(f"baby   c.......\nmother ..{code}.....") == [(500, True)]
