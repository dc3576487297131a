"""All measures at once, and as JSON."""

import json

import pytest
from tests.spec.drawn import ATTUNEMENT, drawn

from attunement.constants import number
from attunement.errors import WrongUse
from attunement.events import events_from_rows, session_from_rows
from attunement.measures import FEWEST, NAMES, ReplyRule, as_json, measure_all, replies, turns, turns_by_chance
from attunement.measures.rules import STEP_MS, TIGHT_WINDOW_MS, TURN_GAP_MS, WINDOW_MS
from attunement.schemes import code_session, coding_of, scheme

VISIT = """
    baby   cc....cc..l....yyyy....................cc....s....e.........
    mother ...tt.....tt..g....hhhh..................tt....t.....f......
    ending ...............................w............................
"""

KEYS = {
    "replies": {"signals", "answered", "late", "misread", "missed", "share", "interval", "chance"},
    "latency": {"median_ms", "quartiles_ms"},
    "turns": {"pairs", "lena_count", "lena_like_count", "conversations", "chance"},
    "repair": {"match_share", "repairs_per_minute", "median_ms"},
    "comfort": {"episodes", "together", "alone", "unresolved", "median_ms"},
}


def test_the_keys_are_those_that_the_project_agreed_on():
    told = as_json(measure_all(drawn(VISIT), ATTUNEMENT))
    assert {name: set(told[name]) - {"parameters"} for name in KEYS} == KEYS
    assert set(told) == set(NAMES) and {*KEYS, "states"} < set(NAMES)
    assert set(told["states"]["baby"]["coo"]) == {"count", "total_ms", "mean_ms", "rate_per_hour"}
    assert all(told[name]["parameters"]["observed_ms"] == 30_000 for name in KEYS)
    assert json.loads(json.dumps(told)) == told


def test_a_whole_visit():
    told = as_json(measure_all(drawn(VISIT), ATTUNEMENT))
    assert {key: told["replies"][key] for key in ("signals", "answered", "late", "misread", "missed")} == {
        "signals": 7, "answered": 7, "late": 0, "misread": 0, "missed": 0,
    }  # fmt: skip
    assert told["replies"]["share"] == 1.0
    assert 0 < told["replies"]["chance"] < 1
    assert (told["comfort"]["episodes"], told["comfort"]["together"]) == (1, 1)
    assert told["turns"]["lena_like_count"] == 3


def test_together_they_say_what_they_say_alone():
    events = drawn(VISIT)
    rule = ReplyRule(window_ms=2_000, overlap=False)
    found = measure_all(events, ATTUNEMENT, rule=rule)
    assert found.replies.total == replies(events, ATTUNEMENT, window_ms=2_000, overlap=False).total
    assert found.replies.chance == replies(events, ATTUNEMENT, window_ms=2_000, overlap=False).chance
    assert found.turns.per_session.tolist() == turns(events, ATTUNEMENT).per_session.tolist()
    assert as_json(found)["replies"]["parameters"]["overlap"] is False


def test_a_coding_brings_its_own_scheme():
    session = session_from_rows([("child", "coo", 0, 500), ("Ana", "talk", 900, 990)], name="visit", ids=["", ""])
    found = measure_all(code_session(session, ATTUNEMENT))
    assert (found.scheme, found.replies.total.answered) == (ATTUNEMENT, 1)


def test_events_alone_have_none():
    with pytest.raises(WrongUse, match="without a scheme"):
        measure_all(drawn(VISIT))


def test_a_file_that_no_scheme_knows_has_states_and_nothing_else():
    session = session_from_rows([("tier", "wibble", 0, 500)], name="visit", ids=[""])
    told = as_json(measure_all(coding_of(session)))
    for name in KEYS:
        assert {value for key, value in told[name].items() if key != "parameters"} == {None}, name
    assert told["states"]["tier"]["wibble"]["count"] == 1


def test_only_what_was_asked_for():
    assert set(as_json(measure_all(drawn(VISIT), ATTUNEMENT, only={"turns"}))) == {"turns"}
    assert set(as_json(measure_all(drawn(VISIT), ATTUNEMENT, only=NAMES))) == set(NAMES)


def test_without_chance_no_chance_level_is_made_up():
    told = as_json(measure_all(drawn(VISIT), ATTUNEMENT, chance=False))
    assert (told["replies"]["chance"], told["turns"]["chance"]) == (None, None)


def test_no_sound_is_turned_into_time_that_nobody_coded():
    """Two clips of 20 s in an hour: by accident sounds meet as often as in the clips alone."""
    aclew = scheme("aclew")
    talk = [("CHI", 0), ("FA1", 1_500), ("CHI", 4_000), ("CHI", 9_000), ("FA1", 12_000), ("FA1", 16_000)]
    clips = [(0, 20_000), (3_000_000, 3_020_000)]
    rows = [(who, "0.", first + at, first + at + 500) for first, _ in clips for who, at in talk]
    rows += [("code_random", "x", first, last) for first, last in clips]
    session = session_from_rows(rows, name="day", ids=[""] * len(rows), duration_ms=3_600_000)
    found = measure_all(code_session(session, aclew))
    one = events_from_rows(
        [("child" if who == "CHI" else who, {"CHI": "vocalisation"}.get(who, "speech"), at, at + 500)
         for who, at in talk], codes=aclew.ids, duration_ms=20_000,
    )  # fmt: skip
    assert found.turns.pairs == 2 * turns(one, aclew).pairs
    assert found.turns.chance.pairs == pytest.approx(2 * turns_by_chance(one, aclew).pairs)


def test_the_defaults_are_the_projects_constants():
    assert number("bid_window_s") * 1_000 == WINDOW_MS
    assert number("bid_window_tight_s") * 1_000 == TIGHT_WINDOW_MS
    assert number("turn_gap_s") * 1_000 == TURN_GAP_MS
    assert number("microanalysis_step_s") * 1_000 == STEP_MS
    assert FEWEST == 5
