"""States and counts, as pictures."""

from tests.spec.drawn import drawn

from attunement.events import events_from_rows
from attunement.measures import State, states


def test_how_often_how_long_and_how_many_an_hour():
    found = states(drawn("""
        baby   cc..cccc..
        mother ..t.......
    """))  # fmt: skip
    assert found.by["baby"]["coo"] == State(2, 3_000, 1_500.0, 1_440.0)
    assert found.by["mother"] == {"talk": State(1, 500, 500.0, 720.0)}


def test_the_rate_is_over_the_time_that_was_watched():
    found = states(drawn("baby c.........", observed_ms=1_000))
    assert found.by["baby"]["coo"].rate_per_hour == 3_600.0


def test_points_have_a_count_and_no_length():
    assert states(drawn("baby C.C.")).by["baby"]["coo"] == State(2, 0, 0.0, 3_600.0)


def test_where_nothing_was_watched_there_is_no_rate():
    assert states(drawn("baby c", observed_ms=0)).by["baby"]["coo"].rate_per_hour is None


def test_any_values_will_do_no_scheme_is_needed():
    events = events_from_rows([("tier 1", "whatever", 0, 1_000)])
    assert states(events).by == {"tier 1": {"whatever": State(1, 1_000, 1_000.0, 3_600.0)}}


def test_no_events_no_states():
    assert states(drawn("baby ....")).by == {}
