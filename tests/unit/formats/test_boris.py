"""BORIS projects and exports: presses become bouts, what has no partner is said, harmful JSON is refused."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attunement.errors import NotReadable, WrongUse
from attunement.events import Reading, Session, Tier, session_from_rows
from attunement.formats import boris, boris_table, boris_write, read_bytes, written
from attunement.schemes import coding_of

DAY = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
NOBODY = "No focal subject"
BEHAVIOURS = {
    "0": {"code": "hug", "type": "State event", "modifiers": {}},
    "1": {"code": "smile", "type": "Point event", "modifiers": {}},
}


def project(*events: object, **more: object) -> bytes:
    one = {"events": list(events), "time offset": 0.0, "file": {"1": ["a.mp4"]}, **more}
    return dumped(observations={"visit": one})


def dumped(**more: object) -> bytes:
    whole = {"project_format_version": "7.0", "behaviors_conf": BEHAVIOURS, "observations": {}, **more}
    return json.dumps(whole).encode()


def rows(session: Session) -> list[tuple[str, str, int, int]]:
    events = session.events
    columns = (events.actor.tolist(), events.code.tolist(), events.start.tolist(), events.end.tolist())
    return [(events.actors[who], events.codes[what], a, b) for who, what, a, b in zip(*columns, strict=True)]


def codes(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.issues]


def test_two_presses_of_a_state_are_a_bout_and_one_of_a_point_is_a_point() -> None:
    reading = read_bytes(
        project([1.5, "Ana", "hug", "", ""], [2, "", "smile", "", ""], [4.0, "Ana", "hug", "", ""]), "x.boris"
    )
    assert rows(reading.session) == [("Ana", "hug", 1_500, 4_000), (NOBODY, "smile", 2_000, 2_000)]
    assert reading.session.ids == ("event 1 to 3", "event 2")
    assert reading.session.media == ("a.mp4",)
    assert reading.issues == ()


def test_presses_pair_by_subject_behaviour_and_modifiers() -> None:
    presses = [
        [1.0, "Ana", "hug", "long", ""], [2.0, "Ana", "hug", "short|soft", ""], [3.0, "Bea", "hug", "long", ""],
        [4.0, "Ana", "hug", "short|soft", ""], [5.0, "Ana", "hug", "long", "ends"], [6.0, "Bea", "hug", "long", ""],
    ]  # fmt: skip
    reading = boris.read(project(*presses), "x.boris")
    assert rows(reading.session) == [
        ("Ana", "hug", 1_000, 5_000), ("modifiers@Ana", "long", 1_000, 5_000), ("comment@Ana", "ends", 1_000, 5_000),
        ("Ana", "hug", 2_000, 4_000), ("modifiers@Ana", "short|soft", 2_000, 4_000),
        ("Bea", "hug", 3_000, 6_000), ("modifiers@Bea", "long", 3_000, 6_000),
    ]  # fmt: skip
    assert reading.session.parent.tolist() == [-1, 0, 0, -1, 3, -1, 5]
    assert reading.issues == ()


def test_presses_out_of_order_are_paired_by_time() -> None:
    reading = boris.read(project([4.0, "", "hug", "", ""], [1.0, "", "hug", "", ""]), "x.boris")
    assert rows(reading.session) == [(NOBODY, "hug", 1_000, 4_000)]


def test_a_state_that_nobody_ended_forbids_numbers_and_says_how_to_mend_it() -> None:
    reading = boris.read(
        project([1.0, "", "hug", "", ""], [2.0, "", "hug", "", ""], [3.0, "", "hug", "", ""]), "x.boris"
    )
    assert rows(reading.session) == [(NOBODY, "hug", 1_000, 2_000)]
    (issue,) = reading.issues
    assert (issue.code, issue.severity.value, issue.place) == ("state-unpaired", "error", "x.boris, visit event 3")
    assert "Fix unpaired events" in issue.message


def test_the_time_offset_is_added() -> None:
    reading = boris.read(project([1.0, "", "smile", "", ""], **{"time offset": 2.5}), "x.boris")
    assert rows(reading.session) == [(NOBODY, "smile", 3_500, 3_500)]


def test_a_picture_without_a_time_is_said_and_left_out() -> None:
    data = project([float("nan"), "", "smile", "", "", 3], [1.0, "", "smile", "", ""])
    reading = boris.read(data, "x.boris")
    assert rows(reading.session) == [(NOBODY, "smile", 1_000, 1_000)]
    assert [(issue.code, issue.place) for issue in reading.issues] == [("time-not-readable", "x.boris, visit event 1")]


def test_many_of_one_kind_are_named_twenty_times_and_counted() -> None:
    reading = boris.read(project(*[[None, "", "smile", "", ""]] * 50), "x.boris")
    assert len(reading.issues) == 21
    assert (reading.issues[-1].code, reading.issues[-1].message) == ("time-not-readable", "30 more like these")


ODD: dict[str, tuple[object, str]] = {
    "no list": ("press", "event-not-read"),
    "too short": ([1.0, "Ana"], "event-not-read"),
    "subject is a number": ([1.0, 7, "smile", "", ""], "event-not-read"),
    "time is a word": (["soon", "Ana", "smile", "", ""], "time-not-readable"),
    "time is true": ([True, "Ana", "smile", "", ""], "time-not-readable"),
    "before the beginning": ([-1.0, "Ana", "smile", "", ""], "time-negative"),
    "after 48 hours": ([1e9, "Ana", "smile", "", ""], "time-too-late"),
    "not in the list of behaviours": ([1.0, "Ana", "wave", "", ""], "code-not-defined"),
}


@pytest.mark.parametrize(("press", "code"), ODD.values(), ids=ODD)
def test_a_press_that_is_none_is_named(press: object, code: str) -> None:
    assert codes(boris.read(project(press), "x.boris")) == [code]


def test_an_interval_and_another_version_are_noted() -> None:
    one = {"events": [], "observation time interval": [10, 20]}
    reading = boris.read(dumped(observations={"visit": one}, project_format_version="4.0"), "x.boris")
    assert codes(reading) == ["version-not-known", "observation-interval"]


def lasted(reading: Reading) -> tuple[int, list[tuple[int, int]]]:
    """How long the session is, and what of it counts as observed for a measure."""
    coding = coding_of(reading.session)
    return int(reading.session.events.duration_ms[0]), [(span.start, span.end) for span in coding.observed]


SMILE = [3.0, "Ana", "smile", "", ""]
LONG = {"media_info": {"length": {"a.mp4": 360.0, "b.mp4": 180.0, "other.mp4": 999.0}}}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, (3_000, [(0, 3_000)])),
        (LONG, (360_000, [(0, 360_000)])),
        ({**LONG, "file": {"1": ["a.mp4", "b.mp4"], "2": ["a.mp4"]}}, (540_000, [(0, 540_000)])),
        ({**LONG, "file": {"1": ["a.mp4"], "2": ["unknown.mp4"]}}, (360_000, [(0, 360_000)])),
        ({**LONG, "time offset": 40}, (400_000, [(40_000, 400_000)])),
        ({**LONG, "time offset": -2}, (358_000, [(0, 358_000)])),
        ({"observation time interval": [0, 600]}, (600_000, [(0, 600_000)])),
        ({"observation time interval": [2, 602], "file": {}}, (602_000, [(2_000, 602_000)])),
        ({**LONG, "observation time interval": [0, 60]}, (360_000, [(0, 60_000)])),
        ({**LONG, "observation time interval": [2, 0]}, (360_000, [(2_000, 360_000)])),
        ({**LONG, "observation time interval": [2, 600], "time offset": 1}, (361_000, [(3_000, 361_000)])),
        ({"media_info": {"length": {"a.mp4": 1.5}}}, (3_000, [(0, 3_000)])),
        ({"media_info": {"length": {"a.mp4": 1e12}}}, (3_000, [(0, 3_000)])),
        ({"media_info": {"length": {"a.mp4": "long"}}}, (3_000, [(0, 3_000)])),
        ({"media_info": {"length": [360]}}, (3_000, [(0, 3_000)])),
    ],
)
def test_an_observation_lasts_as_long_as_its_media_or_its_interval_and_never_ends_before_its_last_event(
    more: dict[str, object], expected: tuple[int, list[tuple[int, int]]]
) -> None:
    assert lasted(boris.read(project(SMILE, **more), "x.boris")) == expected


def test_an_interval_is_noted_where_it_leaves_something_out() -> None:
    whole = boris.read(project(SMILE, **{"observation time interval": [0, 600]}), "x.boris")
    part = boris.read(project(SMILE, **LONG, **{"observation time interval": [0, 60]}), "x.boris")
    assert whole.issues == ()
    assert [(issue.code, issue.message) for issue in part.issues] == [
        ("observation-interval", "only 0:00:00.000 to 0:01:00.000 was observed; rates and shares are of that time alone")
    ]  # fmt: skip


def test_each_observation_is_a_session_and_one_alone_is_not_chosen_for_you() -> None:
    data = dumped(observations={name: {"events": [[1.0, "", "smile", "", ""]]} for name in ("first", "second")})
    assert [one.session.name for one in boris.read_all(data, "x.boris")] == ["first", "second"]
    with pytest.raises(NotReadable, match="2 sessions"):
        boris.read(data, "x.boris")


GOOD = project([1.0, "", "smile", "", ""])
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a key twice": lambda: GOOD.replace(b'{"code": "hug"', b'{"code": "hug", "code": "x"'),
    "Infinity": lambda: GOOD.replace(b"1.0", b"Infinity"),
    "minus Infinity": lambda: GOOD.replace(b"1.0", b"-Infinity"),
    "1e999": lambda: GOOD.replace(b"1.0", b"1e999"),
    "beyond 2^53": lambda: GOOD.replace(b"1.0", b"9007199254740993"),
    "5,000 digits": lambda: GOOD.replace(b"1.0", b"9" * 5_000),
    "65 deep": lambda: GOOD.replace(b"1.0", b"[" * 65 + b"]" * 65),
    "100,000 deep": lambda: b'{"observations": ' + b'{"a":[' * 100_000,
    "a million quotes": lambda: b'{"observations": "' + b'\\"' * 1_000_000,
    "a million odd quotes": lambda: b'{"behaviors_conf"' + b'"\\"' * 1_000_000,
    "value of 8 MiB": lambda: GOOD.replace(b"smile", b"x" * 2**23),
    "half a letter": lambda: GOOD.replace(b"visit", b"\\ud800"),
    "a zero byte": lambda: GOOD.replace(b"visit", b"\0"),
    "not UTF-8": lambda: GOOD.replace(b"visit", b"\xe4"),
    "cut off": lambda: GOOD[:-9],
    "a list": lambda: b'[{"behaviors_conf": 1}]',
    "no observations": lambda: b'{"behaviors_conf": {}}',
    "observations are a list": lambda: dumped(observations=[]),
    "an observation is a number": lambda: dumped(observations={"visit": 7}),
    "events are a word": lambda: dumped(observations={"visit": {"events": "none"}}),
    "behaviours are a list": lambda: dumped(behaviors_conf=[1]),
    "a behaviour without a type": lambda: dumped(behaviors_conf={"0": {"code": "hug"}}),
    "an offset that is none": lambda: project(**{"time offset": float("nan")}),
    "compressed": lambda: b"\x1f\x8b\x08\0\0\0\0\0",
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_harmful_or_broken_project_gives_one_clear_line_soon(make: Callable[[], bytes]) -> None:
    data, began = make(), time.process_time()
    with pytest.raises(NotReadable) as refused:
        read_bytes(data, "x.boris")
    assert time.process_time() - began < 2
    assert str(refused.value).startswith("x.boris") and "\n" not in str(refused.value)


# Exports


def table(*lines: str, preamble: str = "") -> bytes:
    return (preamble + "\r\n".join(lines) + "\r\n").encode()


TABULAR = "Time,Media file path,Total length,FPS,Subject,Behavior,Behavioral category,Modifiers,Comment,Status"
PREAMBLE = "Observation id,visit,,,\r\n,,,,\r\nMedia file(s),,,,\r\nTime offset (s),0.0,,,\r\nvariable,value,,,\r\n"


def test_starts_and_stops_are_paired_below_the_preamble() -> None:
    data = table(
        TABULAR, "1.500,a.mp4,9,25,Ana,hug,,long|soft,,START", "2.000,a.mp4,9,25,,smile,,,,POINT",
        "0:00:04.000,a.mp4,9,25,Ana,hug,,long|soft,,STOP", preamble=PREAMBLE,
    )  # fmt: skip
    reading = read_bytes(data, "x.csv")
    assert (reading.format, reading.session.name, reading.issues) == ("boris_table", "visit", ())
    assert rows(reading.session) == [
        ("Ana", "hug", 1_500, 4_000), ("modifiers@Ana", "long|soft", 1_500, 4_000), (NOBODY, "smile", 2_000, 2_000),
    ]  # fmt: skip


def test_a_start_without_a_stop_and_a_stop_without_a_start_are_named() -> None:
    data = table(TABULAR, "1.0,,,,,hug,,,,START", "2.0,,,,,hug,,,,START", "3.0,,,,,hug,,,,STOP", "4.0,,,,,hug,,,,STOP")
    reading = boris_table.read(data, "x.csv")
    assert rows(reading.session) == [(NOBODY, "hug", 2_000, 3_000)]
    assert [(issue.code, issue.place) for issue in reading.issues] == [
        ("state-unpaired", "x.csv line 2"), ("state-unpaired", "x.csv line 5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "line", "expected"),
    [
        ("Time,Total length,Subject,Behavior,Status", "3.0,359.960,Ana,smile,POINT", 359_960),
        ("Time,Observation duration,Subject,Behavior,Status", "3.0,0:06:00,Ana,smile,POINT", 360_000),
        ("Time,Media duration (s),Subject,Behavior,Status", "3.0,360|180,Ana,smile,POINT", 3_000),
        ("Time,Total length,Subject,Behavior,Status", "3.0,LIVE,Ana,smile,POINT", 3_000),
        ("Time,Total length,Subject,Behavior,Status", "3.0,1.5,Ana,smile,POINT", 3_000),
        ("Media duration (s),Subject,Behavior,Behavior type,Start (s),Stop (s)", "9,Ana,hug,STATE,1,3", 9_000),
    ],
)
def test_an_exported_observation_lasts_as_long_as_its_rows_say(names: str, line: str, expected: int) -> None:
    assert lasted(boris_table.read(table(names, line), "x.csv")) == (expected, [(0, expected)])


def test_each_exported_observation_has_a_length_of_its_own() -> None:
    names = "Observation id,Total length,Subject,Behavior,Behavior type,Start (s),Stop (s)"
    found = boris_table.read_all(table(names, "v,9,Ana,hug,STATE,1,3", "w,7,Ana,hug,STATE,1,3"), "x.csv")
    assert [lasted(one)[0] for one in found] == [9_000, 7_000]


def test_an_export_without_names_of_its_columns_keeps_its_length() -> None:
    row = "v\t2026-05-04\ta.mp4\t539.920\t25.0\tAna\thug\t\t\tSTATE\t1.0\t3.0\t2.0\t\t"
    assert lasted(boris_table.read(table(row), "x.tsv"))[0] == 539_920


def test_newer_exports_name_modifiers_and_kinds_otherwise() -> None:
    names = "Observation id,Observation date,Subject,Behavior,Behavioral category,how long,how soft,Behavior type,Time"
    data = table(
        names, "visit,,Ana,hug,,long,,START,1.0", "visit,,Ana,hug,,long,,STOP,2.0", "other,,Ana,smile,,,,POINT,3.0"
    )
    first, second = boris_table.read_all(data, "x.csv")
    assert rows(first.session) == [("Ana", "hug", 1_000, 2_000), ("modifiers@Ana", "long", 1_000, 2_000)]
    assert (second.session.name, rows(second.session)) == ("other", [("Ana", "smile", 3_000, 3_000)])


def test_aggregated_exports_have_a_bout_a_row() -> None:
    names = (
        "Observation id,Subject,Behavior,Behavioral category,Modifiers,Behavior type,Start (s),Stop (s),Duration (s)"
    )
    data = table(names, "v,Ana,hug,,,STATE,1.000,2.500,1.500", "v,Ana,smile,,,POINT,NA,NA,NA", "v,Ana,smile")
    reading = read_bytes(data, "x.csv")
    assert rows(reading.session) == [("Ana", "hug", 1_000, 2_500)]
    assert codes(reading) == ["time-not-readable", "line-not-read"]


@pytest.mark.parametrize("data", [
    table("Observation id,Subject,Behavior", "v,Ana,hug"), table("Observation id,nothing else"),
    table(TABULAR, '1.0,"x,,,'), b"Observation id," + b"x" * 200_000, b"Observation id,\xe4",
])  # fmt: skip
def test_a_table_that_is_no_export_gives_one_clear_line(data: bytes) -> None:
    with pytest.raises(NotReadable) as refused:
        read_bytes(data, "x.csv")
    assert "\n" not in str(refused.value)


# Written


def test_a_session_written_for_boris_reads_back_equal() -> None:
    listed = [
        ("Ana", "hug", 0, 1_200), ("Ana", "hug", 1_200, 1_200), ("Ana", "smile", 700, 700), (NOBODY, "hug", 5, 9),
        ("modifiers@Ana", "long|soft", 0, 1_200), ("comment@Ana", "quick", 700, 700),
    ]  # fmt: skip
    tiers = [Tier("Ana"), Tier(NOBODY)]
    tiers += [Tier("modifiers@Ana", parent="Ana", kind="modifiers"), Tier("comment@Ana", parent="Ana", kind="comment")]
    session = session_from_rows(
        listed, name="visit", ids=list("abcdef"), parents=[-1, -1, -1, -1, 0, 2], tiers=tiers, media=["a.mp4"]
    )
    data = written(session, "x.boris", on=DAY)
    back = read_bytes(data, "x.boris")
    assert back.issues == () and back.session.name == "visit"
    assert sorted(rows(back.session)) == sorted(rows(session))
    assert json.loads(data)["project_date"] == "2026-05-04T10:00:00"


CANNOT = {
    "two at once": [("Ana", "hug", 0, 9), ("Ana", "hug", 5, 12)],
    "a point inside": [("Ana", "hug", 0, 9), ("Ana", "hug", 5, 5)],
    "no value": [("Ana", " ", 0, 9)],
    "a bar in the value": [("Ana", "a|b", 0, 9)],
}


@pytest.mark.parametrize("listed", CANNOT.values(), ids=CANNOT)
def test_what_boris_cannot_hold_is_refused_before_anything_is_written(listed: list[tuple[str, str, int, int]]) -> None:
    with pytest.raises(WrongUse, match=r"\.eaf or \.csv"):
        boris_write.written(session_from_rows(listed, name="v", ids=["a"] * len(listed)), on=DAY)


def test_rows_that_hang_under_others_have_no_place_in_boris() -> None:
    listed = [("CHI", "x", 0, 9), ("vcm@CHI", "Y", 0, 9)]
    tiers = [Tier("CHI"), Tier("vcm@CHI", parent="CHI")]
    with pytest.raises(WrongUse, match="hangs under"):
        boris_write.written(session_from_rows(listed, name="v", ids=["a", "b"], parents=[-1, 0], tiers=tiers), on=DAY)


# Anything at all

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(-(2**60), 2**60), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)
PRESSES = st.lists(
    st.one_of(VALUES, st.tuples(st.floats(), st.text(max_size=2), st.sampled_from(["hug", "smile", "x"])))
)


@settings(max_examples=300, deadline=None)
@given(PRESSES, VALUES, st.integers(0, len(GOOD)), st.binary(max_size=3))
def test_any_project_gives_readings_or_one_clear_line(
    presses: list[object], odd: object, at: int, noise: bytes
) -> None:
    for data in (
        project(*presses), project(**{"time offset": odd, "file": odd, "observation time interval": odd}),
        dumped(observations=odd), dumped(behaviors_conf=odd), GOOD[:at] + noise + GOOD[at + len(noise) :],
    ):  # fmt: skip
        try:
            assert all(isinstance(one, Reading) for one in boris.read_all(data, "x.boris"))
        except NotReadable as refused:
            assert "\n" not in str(refused)


CELLS = st.sampled_from(
    ["1.0", "", "hug", "START", "STOP", "POINT", "STATE", "NA", '"', "0:00:01.5", "-1", "=1", "x\ty"]
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([TABULAR, "Observation id,Subject,Behavior,Behavior type,Start (s),Stop (s)", "a,b"]),
       st.lists(st.lists(CELLS, max_size=11), max_size=8))  # fmt: skip
def test_any_export_gives_readings_or_one_clear_line(names: str, lines: list[list[str]]) -> None:
    try:
        found = boris_table.read_all(table(names, *map(",".join, lines)), "x.csv")
        assert all(isinstance(one, Reading) for one in found)
    except NotReadable as refused:
        assert "\n" not in str(refused)
