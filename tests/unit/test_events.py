"""Events as columns: laid in order, joined, split, kept."""

import numpy as np

from attunement.errors import Issue, Severity
from attunement.events import NONE, Reading, Tier, events_from_rows, join, session_from_rows, split

ROWS = [("mother", "talk", 2_000, 3_000), ("baby", "coo", 0, 1_000), ("baby", "cry", 2_000, 2_500)]


def as_rows(events):
    return [
        (events.sessions[s], events.actors[a], events.codes[c], int(start), int(end))
        for s, a, c, start, end in zip(events.session, events.actor, events.code, events.start, events.end, strict=True)
    ]


def test_rows_are_laid_by_start_then_end():
    events = events_from_rows(ROWS, name="visit")
    assert as_rows(events) == [
        ("visit", "baby", "coo", 0, 1_000),
        ("visit", "baby", "cry", 2_000, 2_500),
        ("visit", "mother", "talk", 2_000, 3_000),
    ]
    assert len(events) == 3


def test_a_session_is_as_long_as_its_last_event_unless_said():
    assert events_from_rows(ROWS).duration_ms.tolist() == [3_000]
    assert events_from_rows(ROWS).observed_ms.tolist() == [3_000]
    said = events_from_rows(ROWS, duration_ms=9_000, observed_ms=4_000)
    assert (said.duration_ms.tolist(), said.observed_ms.tolist()) == ([9_000], [4_000])


def test_no_events_are_a_session_too():
    events = events_from_rows([], codes=("coo",))
    assert (len(events), events.duration_ms.tolist(), events.codes) == (0, [0], ("coo",))


def test_joined_sessions_keep_their_rows_and_names():
    first = events_from_rows(ROWS, name="first")
    second = events_from_rows([("father", "talk", 0, 500), ("baby", "coo", 100, 200)], name="second")
    both = join([first, second])
    assert as_rows(both) == as_rows(first) + as_rows(second)
    assert both.duration_ms.tolist() == [3_000, 500]


def test_split_is_the_inverse_of_join():
    parts = [events_from_rows(ROWS, name="a"), events_from_rows([], name="b"), events_from_rows(ROWS[1:], name="c")]
    again = split(join(parts))
    assert [as_rows(part) for part in again] == [as_rows(part) for part in parts]
    assert [part.sessions for part in again] == [("a",), ("b",), ("c",)]


def test_joining_nothing_gives_nothing():
    nothing = join([])
    assert (len(nothing), nothing.sessions, split(nothing)) == (0, (), [])


def test_where_keeps_the_sessions():
    both = join([events_from_rows(ROWS, name="a"), events_from_rows(ROWS, name="b")])
    kept = both.where(both.session == 1)
    assert (len(kept), kept.sessions) == (3, ("a", "b"))


def test_offsets_leave_a_gap_after_the_last_event_or_the_end():
    long = events_from_rows(ROWS, duration_ms=10_000)
    short = events_from_rows(ROWS, duration_ms=1_000)  # an event ends after the recording: the clock makes room for it
    assert join([long, short, long]).offsets(100).tolist() == [0, 10_100, 13_200]


def test_a_session_knows_where_each_row_stands_in_its_file():
    session = session_from_rows(
        [("xds@FA1", "C", 500, 900), ("FA1", "hello", 500, 900), ("CHI", "0", 0, 200)],
        name="visit",
        ids=["a3", "a2", "a1"],
        parents=[1, NONE, NONE],
        tiers=[Tier("CHI"), Tier("FA1"), Tier("xds@FA1", parent="FA1")],
    )
    events = session.events
    by_id = {session.ids[row]: row for row in range(3)}
    assert session.parent[by_id["a3"]] == by_id["a2"]
    assert session.parent[by_id["a2"]] == NONE
    assert session.place(by_id["a3"]) == "xds@FA1 a3"
    assert events.codes[events.code[by_id["a1"]]] == "0"
    assert session.name == "visit"


def test_an_empty_file_is_a_session():
    session = session_from_rows([], name="visit", ids=[])
    assert (len(session.events), session.parent.tolist(), session.tiers) == (0, [], ())


def test_what_a_reader_met_is_a_value():
    met = Issue("reversed", Severity.ERROR, "CHI a1", "ends before it begins")
    reading = Reading(session_from_rows([], name="visit", ids=[]), (met,), "eaf")
    assert reading.issues == (Issue("reversed", Severity.ERROR, "CHI a1", "ends before it begins"),)
    assert np.issubdtype(reading.session.events.start.dtype, np.int64)
