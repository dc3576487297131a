"""Datavyu spreadsheets and exports: cells, codes, points in time, escapes; archives that mean harm."""

from __future__ import annotations

import io
import struct
import time
import warnings
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attunement.errors import NotReadable
from attunement.events import Reading
from attunement.formats import datavyu, datavyu_table, read_bytes

HANDS = "hands (MATRIX,true,)-hand|NOMINAL,look|NOMINAL"


def opf(*lines: str, version: str = "#4") -> bytes:
    return packed(("project", b"!project\nname: x\n"), ("db", "\r\n".join([version, *lines, ""]).encode()))


def packed(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", how) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a name twice, which one test is about
        for name, data in members:
            archive.writestr(name, data)
    return into.getvalue()


def cell(value: str, start: str = "00:00:01:000", end: str = "00:01:02:003") -> str:
    return f"{start},{end},{value}"


def rows(reading: Reading) -> list[tuple[str, str, int, int]]:
    events = reading.session.events
    columns = (events.actor.tolist(), events.code.tolist(), events.start.tolist(), events.end.tolist())
    return [(events.actors[who], events.codes[what], a, b) for who, what, a, b in zip(*columns, strict=True)]


def test_a_cell_is_a_row_and_each_of_its_codes_hangs_under_it() -> None:
    reading = read_bytes(opf(HANDS, cell("(left,1)"), cell("(,)", "00:02:00:000", "00:02:01:000")), "x.opf")
    assert rows(reading) == [
        ("hands", "left,1", 1_000, 62_003), ("hand@hands", "left", 1_000, 62_003), ("look@hands", "1", 1_000, 62_003),
        ("hands", "", 120_000, 121_000),
    ]  # fmt: skip
    assert reading.session.parent.tolist() == [-1, 0, 0, -1]
    assert reading.session.ids == ("hands.1", "hands.1.hand", "hands.1.look", "hands.2")
    assert [(tier.name, tier.parent) for tier in reading.session.tiers] == [
        ("hands", ""), ("hand@hands", "hands"), ("look@hands", "hands"),
    ]  # fmt: skip
    assert reading.issues == ()


def test_a_column_of_one_code_has_its_value_alone() -> None:
    assert rows(read_bytes(opf("cry (MATRIX,true,)-code01|NOMINAL", cell("(loud)")), "x.opf")) == [
        ("cry", "loud", 1_000, 62_003)
    ]


def test_an_offset_of_zero_before_the_onset_is_a_point_in_time() -> None:
    reading = read_bytes(opf(HANDS, cell("(left,)", "00:00:05:000", "00:00:00:000")), "x.opf")
    assert rows(reading)[0] == ("hands", "left,", 5_000, 5_000)
    assert reading.issues == ()


def test_another_offset_before_the_onset_is_said_and_left_out() -> None:
    reading = read_bytes(opf(HANDS, cell("(left,)", "00:00:05:000", "00:00:04:000")), "x.opf")
    assert [(issue.code, issue.place) for issue in reading.issues] == [
        ("times-reversed", "hands hands.1"), ("times-reversed", "hand@hands hands.1.hand"),
    ]  # fmt: skip
    assert rows(reading) == []


def test_a_backslash_makes_marks_and_line_ends_part_of_a_value() -> None:
    written = "(a\\,b\\(c\\)\\-\\|\\\\,two\\\r\nlines)"
    reading = read_bytes(opf("odd\\-name (MATRIX,true,)-a\\,b|NOMINAL,c|NOMINAL", cell(written)), "x.opf")
    assert rows(reading)[1:] == [
        ("a,b@odd-name", "a,b(c)-|\\", 1_000, 62_003), ("c@odd-name", "two\nlines", 1_000, 62_003),
    ]  # fmt: skip


def test_what_is_no_column_and_no_cell_is_named() -> None:
    reading = read_bytes(opf(cell("(left,1)"), HANDS, "what is this", cell("(left)")), "x.opf")
    assert [(issue.code, issue.place) for issue in reading.issues] == [
        ("line-not-read", "line 2 of db"), ("line-not-read", "line 4 of db"), ("codes-differ", "hands 1"),
    ]  # fmt: skip
    assert rows(reading) == [("hands", "left", 1_000, 62_003)]


def test_another_version_is_noted() -> None:
    assert [issue.code for issue in read_bytes(opf(HANDS, version="#5"), "x.opf").issues] == ["version-not-known"]


GOOD = opf(HANDS, cell("(left,1)"))


def lying() -> bytes:
    """A member that unpacks to a gigabyte and says that it holds ten bytes."""
    data = bytearray(packed(("db", b"\0" * 2**28)))
    for sign, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<I", data, data.index(sign) + place, 10)
    return bytes(data)


def locked() -> bytes:
    data = bytearray(GOOD)
    at = data.rindex(b"PK\1\2")
    data[at + 8] |= 1
    data[data.index(b"PK\3\4", 4) + 6] |= 1
    return bytes(data)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "unpacks to 256 MiB": lambda: packed(("db", b"#4\n" + b"\0" * 2**28)),
    "lies about its size": lying,
    "a thousand members": lambda: packed(*((str(n), b"") for n in range(1_000)), ("db", b"#4\n")),
    "db twice": lambda: packed(("db", b"#4\n"), ("db", b"#4\n")),
    "db in a folder": lambda: packed(("../db", b"#4\n"), ("/db", b"#4\n"), ("x/db", b"#4\n")),
    "no db": lambda: packed(("xl/workbook.xml", b"<x/>")),
    "locked": locked,
    "packed otherwise": lambda: packed(("db", b"#4\n"), how=zipfile.ZIP_LZMA),
    "cut off": lambda: GOOD[:-30],
    "only the first bytes": lambda: GOOD[:40],
    "rubbish inside": lambda: GOOD[:60] + bytes(40) + GOOD[100:],
    "not text": lambda: packed(("db", b"#4\n\xff")),
    "zero bytes": lambda: packed(("db", b"#4\n\0")),
    "no version": lambda: packed(("db", b"hands\n")),
    "a value of 8 MiB": lambda: opf(HANDS, cell(f"({'x' * 2**23},1)")),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_harmful_or_broken_archive_gives_one_clear_line_soon(make: Callable[[], bytes]) -> None:
    data, began = make(), time.process_time()
    with pytest.raises(NotReadable) as refused:
        read_bytes(data, "x.opf")
    assert time.process_time() - began < 2
    assert "\n" not in str(refused.value)


# Exports


def test_an_export_with_columns_below_each_other() -> None:
    data = b"file,column,ordinal,onset,offset,hand,look\nvisit,hands,1,1000,62003,left,1\nvisit,hands,2,5000,0,,\n"
    reading = read_bytes(data, "x.csv")
    assert (reading.format, reading.session.name, reading.issues) == ("datavyu_table", "visit", ())
    assert rows(reading) == [
        ("hands", "left,1", 1_000, 62_003), ("hand@hands", "left", 1_000, 62_003), ("look@hands", "1", 1_000, 62_003),
        ("hands", "", 5_000, 5_000),
    ]  # fmt: skip


def test_an_export_with_columns_side_by_side() -> None:
    data = (
        b"hands.ordinal,hands.onset,hands.offset,hands.hand,cry.ordinal,cry.onset,cry.offset,cry.code01\n"
        b"1,1000,2000,left,1,500,900,loud\n,,,,2,1500,soon,low\n"
    )
    reading = read_bytes(data, "visit.csv")
    assert rows(reading) == [("cry", "loud", 500, 900), ("hands", "left", 1_000, 2_000)]
    assert [(issue.code, issue.place) for issue in reading.issues] == [("line-not-read", "line 3 cry")]


def test_a_line_of_an_export_with_other_columns_is_named_and_left_out() -> None:
    data = b"file,column,ordinal,onset,offset,a\nvisit,x,1,1,2,v\nvisit,x,2\n"
    reading = read_bytes(data, "x.csv")
    assert [(issue.code, issue.place) for issue in reading.issues] == [("line-not-read", "line 3")]
    assert rows(reading) == [("x", "v", 1, 2)]


def test_an_export_of_several_spreadsheets_gives_a_session_for_each() -> None:
    data = b"file,column,ordinal,onset,offset,a\none,x,1,1,2,v\ntwo,x,1,3,4,v\n"
    assert [one.session.name for one in datavyu_table.read_all(data, "x.csv")] == ["one", "two"]
    with pytest.raises(NotReadable, match="2 sessions"):
        read_bytes(data, "x.csv")


LINES = st.lists(st.one_of(st.just(HANDS), st.builds(cell, st.text(max_size=8)), st.text(max_size=12)), max_size=6)


@settings(max_examples=300, deadline=None)
@given(LINES, st.integers(0, len(GOOD)), st.binary(max_size=4))
def test_any_spreadsheet_gives_a_reading_or_one_clear_line(lines: list[str], at: int, noise: bytes) -> None:
    broken = GOOD[:at] + noise + GOOD[at + len(noise) :]
    for data in (packed(("db", "\n".join(["#4", *lines]).encode("utf-8", "replace"))), broken):
        try:
            assert isinstance(datavyu.read(data, "x.opf"), Reading)
        except NotReadable as refused:
            assert "\n" not in str(refused)


CELLS = st.sampled_from(["1", "0", "", "-5", "x", "99999999999999999999", '"', "1.5"])
NAMES = st.sampled_from(["file,column,ordinal,onset,offset,a", "a.ordinal,a.onset,a.offset,a.b", "a.ordinal,b.onset"])


@settings(max_examples=200, deadline=None)
@given(NAMES, st.lists(st.lists(CELLS, max_size=7), max_size=6))
def test_any_export_gives_readings_or_one_clear_line(names: str, lines: list[list[str]]) -> None:
    try:
        found = datavyu_table.read_all("\n".join([names, *map(",".join, lines)]).encode(), "x.csv")
        assert all(isinstance(one, Reading) for one in found)
    except NotReadable as refused:
        assert "\n" not in str(refused)
