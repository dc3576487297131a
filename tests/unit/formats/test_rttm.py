"""RTTM: who speaks when, in one recording or several, and back again."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attunement.errors import NotReadable, Severity, WrongUse
from attunement.events import Reading, Session, session_from_rows
from attunement.formats import read_bytes, readings, write, written
from attunement.schemes import coding_of

GOOD = (
    "SPEAKER day 1 0.511 0.508 <NA> <NA> MAL <NA> <NA>\n"
    "SPEAKER day 1 1985.4920000000002 3.4589999999999996 <NA> <NA> KCHI <NA> <NA>\n"
    "SPEAKER day 1 2.0 1.5 <NA> <NA> SPEECH <NA>\n"
)


def read(text: str) -> Reading:
    return read_bytes(text.encode(), "visit.rttm")


def rows(session: Session) -> list[tuple[str, str, int, int, str]]:
    events = session.events
    return [
        (events.actors[events.actor[at]], events.codes[events.code[at]], int(events.start[at]), int(events.end[at]),
         session.ids[at])
        for at in range(len(events))
    ]  # fmt: skip


def test_labels_are_tiers_and_times_are_rounded_once() -> None:
    reading = read(GOOD)
    assert reading.issues == () and reading.session.name == "day" and reading.format == "rttm"
    assert rows(reading.session) == [
        ("MAL", "MAL", 511, 1_019, "line 1"),
        ("SPEECH", "SPEECH", 2_000, 3_500, "line 3"),
        ("KCHI", "KCHI", 1_985_492, 1_988_951, "line 2"),
    ]


def test_a_rounded_end_is_that_of_the_sum_and_not_a_sum_of_rounded_parts() -> None:
    (row,) = rows(read("SPEAKER day 1 0.0004 0.0004 <NA> <NA> FEM <NA> <NA>\n").session)
    assert row[2:4] == (0, 1)


@pytest.mark.parametrize(
    "other",
    [
        GOOD.replace(" ", "\t"), GOOD.replace(" ", "   "), GOOD.replace("\n", "\r\n"), GOOD.replace("\n", " \n"),
        GOOD.replace("SPEECH ", "SPEECH  ").replace("MAL ", "MAL\t "),
        "  " + GOOD.replace("\n", "\n  "), "\ufeff" + GOOD, GOOD.rstrip("\n"),
    ],
)  # fmt: skip
def test_tabs_spaces_and_line_ends_change_nothing(other: str) -> None:
    assert rows(read(other).session) == rows(read(GOOD).session)


def test_several_recordings_are_several_sessions(tmp_path: Path) -> None:
    two = GOOD + GOOD.replace(" day ", " night ").replace("KCHI", "FEM")
    with pytest.raises(NotReadable, match=r"holds 2 recordings \(day, night\).*readings"):
        read(two)
    path = tmp_path / "both.rttm"
    path.write_text(two)
    both = readings(path)
    assert [(one.session.name, len(one.session.events)) for one in both] == [("day", 3), ("night", 3)]
    assert both[1].session.events.actors == ("MAL", "FEM", "SPEECH")
    assert rows(both[1].session)[0][4] == "line 4"
    path.write_text("onset_ms,offset_ms,code\n1,2,smile\n")
    assert [one.format for one in readings(path)] == ["table"]


def test_lines_that_cannot_be_read_are_named_and_others_counted() -> None:
    text = (
        ";; made by hand\n\n" + GOOD + "LEXEME day 1 2 3 no lex CHI 0.5\nSPEAKER day 1\nSPEAKER day 1 x 2 <NA> <NA> A <NA>\n"
        "SPEAKER day 1 1 2 <NA> <NA> A <NA> <NA> more\nSPEAKER day 1 nan 2 <NA> <NA> A <NA>\nwhatever this is\n"
        "SPEAKER day 1 5 -1 <NA> <NA> A <NA>\nSPEAKER day 1 5 900000 <NA> <NA> A <NA>\n"
        "SPEAKER day 2 5 1 <NA> <NA> A <NA>\nSPEAKER day 1 8 1 hello <NA> A <NA>\n"
    )  # fmt: skip
    reading = read(text)
    places = {(issue.code, issue.place) for issue in reading.issues}
    assert places == {
        ("lines-not-used", "visit.rttm"), ("line-not-read", "line 7"), ("line-not-read", "line 8"),
        ("line-not-read", "line 9"), ("line-not-read", "line 10"), ("line-not-read", "line 11"),
        ("times-reversed", "A line 12"), ("time-too-late", "A line 13"), ("channels-joined", "visit.rttm"),
        ("columns-not-read", "visit.rttm"),
    }  # fmt: skip
    assert len(reading.session.events) == 5 and rows(reading.session)[0][4] == "line 3"


@pytest.mark.parametrize(
    "text",
    [
        "file phonemes syllables words\nday_1 12 5 3\nday_2 8 3 2\n",  # as ALICE counts
        "day_1.wav 12 5 3\n", "LEXEME day 1 2 3 no lex CHI 0.5\n", "SPEAKER day 1 x y <NA> <NA> A <NA>\n",
    ],
)  # fmt: skip
def test_what_tells_of_no_speaker_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(NotReadable) as caught:
        read(text)
    assert caught.value.remedy


def test_the_vtc_scheme_knows_the_key_child_from_other_children() -> None:
    labels = ["KCHI", "CHI", "OCH", "FEM", "MAL", "SPEECH", "CRY", "CNS", "NCS", "OTH"]
    text = "".join(f"SPEAKER d 1 {at} 0.5 <NA> <NA> {label} <NA> <NA>\n" for at, label in enumerate(labels))
    coding = coding_of(read(text).session)
    assert coding.scheme.name == "vtc" and coding.issues == ()
    assert [coding.events.codes[code] for code in coding.events.code] == [
        "vocalisation", "other-child-sound", "other-child-sound", "speech", "speech", "cry", "vocalisation",
        "vocalisation", "body-sound",
    ]  # fmt: skip
    short = "SPEAKER d 1 0 1 <NA> <NA> CHI <NA>\nSPEAKER d 1 0 1 <NA> <NA> SPEECH <NA>\n"
    assert coding_of(read(short).session).scheme.name == "vtc"  # though ACLEW calls the key child CHI


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Z"]), min_size=1)
ROWS = st.tuples(WORDS, WORDS, st.integers(0, 100_000_000), st.integers(0, 60_000))


@settings(max_examples=100, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=12), WORDS)
def test_what_is_written_reads_back_the_same(listed: list[tuple[str, str, int, int]], name: str) -> None:
    spans = [(tier, value, start, start + length) for tier, value, start, length in listed]
    session = session_from_rows(spans, name=name, ids=[""] * len(spans))
    back = read_bytes(written(session, "x.rttm"), "x.rttm").session
    assert back.name == name
    assert sorted(row[:4] for row in rows(back)) == sorted(spans)


@pytest.mark.parametrize(
    ("row", "name", "parents"),
    [
        (("a b", "x", 0, 1), "d", None), (("a", "", 0, 1), "d", None), (("a", "<NA>", 0, 1), "d", None),
        (("a", "x", -1, 1), "d", None), (("a", "x", 2, 1), "d", None), (("a", "x", 0, 1), "my day", None),
        (("a", "x", 0, 1), "d", [-1, 0]),
    ],
)  # fmt: skip
def test_what_rttm_cannot_hold_is_not_written(
    row: tuple[str, str, int, int], name: str, parents: list[int] | None
) -> None:
    session = session_from_rows(
        [row] * (2 if parents else 1), name=name, ids=["", ""][: 2 if parents else 1], parents=parents
    )
    with pytest.raises(WrongUse):
        written(session, "x.rttm")
    with pytest.raises(WrongUse):
        written(session_from_rows([], name="d", ids=[]), "x.rttm")


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write(read(GOOD).session, tmp_path / "again.rttm")
    (again,) = readings(tmp_path / "again.rttm")
    assert np.array_equal(again.session.events.start, read(GOOD).session.events.start)


HARD = {
    "one line of 20 MB": "SPEAKER day 1 0 1 <NA> <NA> " + "x" * 20_000_000,
    "spaces": GOOD + " " * 5_000_000,
    "notes": ";;\n" * 1_300 + GOOD + ";;\n" * 1_000_000,
    "fields": GOOD + "SPEAKER day" + " 1" * 2_000_000,
    "quotes": GOOD + 'SPEAKER day 1 1 1 <NA> <NA> "a <NA>\n' * 1_000,
}


@pytest.mark.parametrize("kind", HARD)
def test_a_hard_file_is_read_or_refused_soon(kind: str) -> None:
    begun = time.process_time()
    read_or_refused(HARD[kind].encode())
    assert time.process_time() - begun < 2


PIECES = st.sampled_from([GOOD[at : at + 9] for at in range(0, len(GOOD), 5)]) | st.text(
    st.sampled_from("SPEAKER 01.e-\t\n<NA>;\"'é\x00\r"), max_size=9
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 30), PIECES), max_size=8))
def test_a_file_with_anything_changed_is_read_or_refused(changes: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for begin, length, put in changes:
        text = text[:begin] + put + text[begin + length :]
    read_or_refused(text.encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refused(data)


def read_or_refused(data: bytes) -> None:
    try:
        reading = read_bytes(data, "v.rttm")
    except NotReadable as error:
        assert error.remedy
        return
    events = reading.session.events
    assert len(reading.session.ids) == len(events)
    assert (events.start >= 0).all() and (events.end >= events.start).all()
    assert all(issue.severity in Severity for issue in reading.issues)
