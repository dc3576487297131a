"""Match and repair, as pictures. A coo and talk match (both connect); a coo and a hug do not."""

import pytest
from tests.spec.drawn import ATTUNEMENT, drawn

from attunement.measures import repair


def lived(picture, **rule):
    """Milliseconds in which both are in a state, of those matching, and repairs."""
    return tuple(repair(drawn(picture), ATTUNEMENT, **rule).per_session[0].tolist())


def test_time_counts_when_both_are_in_a_state():
    assert lived("""
        baby   cccc......
        mother ..tttttt..
    """) == (1_000, 1_000, 0)  # fmt: skip


def test_from_mismatch_to_match_is_a_repair():
    assert lived("""
        baby   cccccccccc
        mother hhhhtttttt
    """) == (5_000, 3_000, 1)  # fmt: skip


def test_the_child_can_mend_it_too():
    assert lived("""
        baby   ccccccllll
        mother gggggggggg
    """) == (5_000, 2_000, 1)  # fmt: skip


def test_a_mismatch_that_just_stops_is_not_mended():
    picture = """
        baby   cccccccccccc
        mother hhhh..tttttt
    """
    found = repair(drawn(picture), ATTUNEMENT)
    assert lived(picture) == (5_000, 3_000, 0)
    assert (found.mismatches.tolist(), found.mended.tolist()) == ([2_000], [False])


def test_losing_each_other_is_no_repair():
    assert lived("""
        baby   cccccccccc
        mother tttthhhhhh
    """) == (5_000, 2_000, 0)  # fmt: skip


def test_of_several_codes_at_once_one_matching_pair_is_enough():
    assert lived("""
        baby   llllllll
        face   cccccccc
        mother tttttttt
    """) == (4_000, 4_000, 0)  # fmt: skip


def test_points_last_no_time():
    assert lived("baby C.C.C\nmother T.T.T") == (0, 0, 0)


def test_shares_and_rates_wait_for_ten_seconds_together():
    short = repair(drawn("baby   " + "c" * 19 + "\nmother " + "h" * 9 + "t" * 10), ATTUNEMENT)
    enough = repair(drawn("baby   " + "c" * 20 + "\nmother " + "h" * 10 + "t" * 10), ATTUNEMENT)
    assert (short.match_share, short.repairs_per_minute) == (None, None)
    assert (enough.match_share, enough.repairs_per_minute, enough.median_ms) == (0.5, 6.0, None)


def test_time_to_repair_is_the_middle_of_the_mismatches():
    rhythm = "hhtttt" + "hhhhtt" + "hhhhtt" + "hhhhtt" + "hhhhhhtt"
    found = repair(drawn("baby   " + "c" * len(rhythm) + "\nmother " + rhythm), ATTUNEMENT)
    assert (found.repairs, found.median_ms) == (5, 2_000)


def test_the_chance_of_a_match_in_the_next_second():
    rhythm = "hhhhtttt" * 3
    found = repair(drawn("baby   " + "c" * len(rhythm) + "\nmother " + rhythm), ATTUNEMENT)
    assert found.steps == (6, 3)  # of two seconds of mismatch each, the second one is followed by a match
    assert found.next_step == 0.5


def test_one_alone_matches_nobody():
    found = repair(drawn("baby cccccccc"), ATTUNEMENT)
    assert (found.both_ms, found.match_share, found.median_ms, found.next_step) == (0, None, None, None)


def test_a_state_that_ends_where_the_next_begins_leaves_no_hole():
    assert lived("""
        baby   ccccssss
        mother tttttttt
    """) == (4_000, 4_000, 0)  # fmt: skip
    assert repair(drawn("baby ccccssss\nmother tttttttt"), ATTUNEMENT).mismatches.tolist() == []


@pytest.mark.parametrize("step_ms", [500, 1_000, 2_000])
def test_steps_of_another_length(step_ms):
    rhythm = "hhhhtttt" * 3
    found = repair(drawn("baby   " + "c" * len(rhythm) + "\nmother " + rhythm), ATTUNEMENT, step_ms=step_ms)
    assert found.steps == (3 * 2_000 // step_ms, 3)
