"""Stretches that nobody coded: nothing is counted in them, and nothing is followed into or across them."""

from attunement.events import session_from_rows
from attunement.measures import measure_all
from attunement.schemes import code_session, scheme

ROWS = [
    ("code_periodic", "1", 0, 10_000),
    ("code_periodic", "2", 100_000, 110_000),
    ("CHI", "0.", 9_000, 9_500),
    ("FA1", "0.", 101_000, 102_000),
]


def coded(rows):
    session = session_from_rows(rows, name="day", ids=[str(at) for at in range(len(rows))])
    return code_session(session, scheme("aclew"))


def test_a_wait_ends_where_the_coded_stretch_ends():
    found = measure_all(coded(ROWS), chance=False)
    assert (found.replies.total.answered, found.replies.total.missed) == (0, 1)
    assert found.latency.times.tolist() == [500]  # 9.5 s to the end of the stretch, not to 101 s
    assert found.latency.seen.tolist() == [False]


def test_the_denominator_is_the_time_that_was_coded():
    assert measure_all(coded(ROWS), chance=False).states.observed_ms == 20_000


def test_no_turn_is_taken_across_time_that_nobody_coded():
    apart = [*ROWS[:2], ("CHI", "0.", 9_800, 10_000), ("FA1", "0.", 100_000, 101_000)]
    assert measure_all(coded(apart), chance=False).turns.pairs == 0


def test_what_was_coded_outside_is_said_and_not_counted():
    outside = coded([*ROWS, ("CHI", "0.", 50_000, 51_000)])
    (issue,) = outside.issues
    assert (issue.code, issue.message.split()[0]) == ("outside-coded", "1")
    assert measure_all(outside, chance=False).replies.total.signals == 1


def test_a_point_event_at_the_very_end_of_a_whole_recording_counts():
    session = session_from_rows(
        [("child", "coo", 0, 900), ("child", "look-away", 5_000, 5_000)], name="v", ids=["1", "2"]
    )
    assert measure_all(code_session(session, scheme("attunement")), chance=False).replies.total.signals == 2
