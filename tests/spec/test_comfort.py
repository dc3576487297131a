"""Upset and comfort, as pictures."""

from tests.spec.drawn import ATTUNEMENT, drawn

from attunement.measures import comfort


def ended(picture, **rule):
    """How many episodes were settled together, settled alone, not seen to settle."""
    found = comfort(drawn(picture), ATTUNEMENT, **({"calm_ms": 3_000} | rule))
    return found.together, found.alone, found.unresolved


def test_calm_after_a_hug_is_settled_together():
    assert ended("""
        baby   yyyy............
        mother ..hhhh..........
    """) == (1, 0, 0)  # fmt: skip


def test_calm_without_anybody_is_settled_alone():
    assert ended("baby   yyyy............\nmother ................") == (0, 1, 0)


def test_calm_with_an_act_that_does_not_comfort_is_settled_alone():
    assert ended("""
        baby   yyyy............
        mother ..tt............
    """) == (0, 1, 0)  # fmt: skip


def test_comfort_may_come_until_calm_is_complete():
    picture = "baby   yyyy..................\nmother .........h............"
    assert ended(picture, calm_ms=3_000) == (1, 0, 0)
    assert ended(picture, calm_ms=2_499) == (0, 1, 0)


def test_a_hug_that_was_there_before_the_upset_is_not_what_settled_it():
    assert ended("""
        baby   ....yyyy........
        mother hhhhhhhh........
    """) == (0, 1, 0)  # fmt: skip


def test_a_recording_that_ends_too_soon_leaves_it_open():
    assert ended("""
        baby   yyyy.....
        mother ..hhhh...
    """) == (0, 0, 1)  # fmt: skip


def test_cries_closer_than_calm_are_one_episode():
    picture = "baby   yy.....yy............"
    assert ended(picture, calm_ms=2_501) == (0, 1, 0)
    assert ended(picture, calm_ms=2_500) == (0, 2, 0)


def test_a_short_cry_inside_a_long_one_does_not_end_it():
    assert ended("""
        baby   yyyyyyyyyyyyyyyyyyyy..y..........
        face   ..y..............................
    """) == (0, 1, 0)  # fmt: skip


def test_what_the_coder_says_has_the_last_word():
    picture = """
        baby   yyyy..............yy..............yyy.............
        mother ..hhhh...............................h............
        ending .......A..............U..............W............
    """
    assert ended(picture) == (1, 1, 1)


def test_the_last_of_several_outcomes_counts_and_only_after_the_upset_began():
    assert ended("""
        baby   ....yyyy..............
        ending .W.......U...A........
    """) == (0, 1, 0)  # fmt: skip


def test_times_to_comfort_and_from_comfort_to_quiet():
    found = comfort(drawn("""
        baby   yyyyyyyy..........yyyy..........
        mother ..hh......................h.....
    """), ATTUNEMENT, calm_ms=3_000)  # fmt: skip
    assert found.to_comfort.times.tolist() == [1_000, 4_000]
    assert found.to_comfort.seen.tolist() == [True, True]
    assert found.to_quiet.times.tolist() == [3_000, 0]  # she was quiet when the second hug came
    assert found.length.times.tolist() == [4_000, 2_000]


def test_comfort_that_never_came_is_waited_for_until_the_episode_closed():
    found = comfort(drawn("baby   yyyy............"), ATTUNEMENT, calm_ms=3_000)
    assert (found.to_comfort.times.tolist(), found.to_comfort.seen.tolist()) == ([5_000], [False])
    assert len(found.to_quiet.times) == 0


def test_the_median_waits_for_five_episodes():
    one = "yyyyyy.......", "..h.........."
    assert comfort(drawn(f"baby {one[0] * 4}\nmother {one[1] * 4}"), ATTUNEMENT, calm_ms=3_000).median_ms is None
    assert comfort(drawn(f"baby {one[0] * 5}\nmother {one[1] * 5}"), ATTUNEMENT, calm_ms=3_000).median_ms == 2_000


def test_no_upset_no_episodes():
    found = comfort(drawn("baby cc....\nmother ..tt.."), ATTUNEMENT)
    assert (found.episodes, found.median_ms, found.per_session.tolist()) == (0, None, [[0, 0, 0]])
