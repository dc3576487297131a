"""What is written reads back the same, opens in ELAN, and never runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.unit.formats.making import at, eaf, tier, under
from tests.unit.formats.test_elan_read import parent_id, rows

from attunement import formats
from attunement.clock import Span
from attunement.errors import WrongUse
from attunement.events import Reading, Session, Tier, session_from_rows
from attunement.formats import not_kept, read_bytes, write, written

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8)
LINES = st.text(st.sampled_from(" ='+-@\t\r\n\",;a"), max_size=6)
WHO = st.sampled_from(["child", "mother", "=SUM(A1)"])
ROWS = st.lists(st.tuples(WHO, WORDS | LINES, st.integers(0, 9_999), st.integers(0, 99)), max_size=9)


def test_an_elan_file_reads_back_with_every_way_of_hanging() -> None:
    slots: dict[str, int | None] = {"t1": 0, "t2": 900, "t3": 2_000, "t4": 3_001, "i1": 100, "i2": 300}
    shared = under("s1", "w2"), under("s2", "w2", "", "s1"), under("s3", "w2", "", "s2")
    first = read_bytes(
        eaf(
            tier("whole", at("w1", "t1", "t2", "&lt;&amp;&gt;"), at("w2", "t3", "t4"), participant="MOT"),
            tier("one", under("o1", "w1", "x"), parent="whole", kind="association"),
            tier("shared", *shared, parent="whole", kind="subdivision"),
            tier("inside", at("i1", "i1", "i2", "in"), parent="whole", kind="included"),
            tier("empty", kind="association", parent="whole"),
            slots=slots,
        ),
        "v.eaf",
    )  # fmt: skip
    assert first.issues == ()
    assert everything(read_bytes(written(first.session, "v.eaf"), "v.eaf")) == everything(first)


def test_an_elan_file_has_the_parts_that_elan_asks_for() -> None:
    first = read_bytes(
        eaf(tier("x", at("1 not a name", "b", "a"), at("a", "c", "b")), slots={"a": 9, "b": 5, "c": 0}), "v.eaf"
    )
    data = written(first.session, "v.eaf", on=datetime(2026, 1, 2, tzinfo=UTC))
    root = etree.fromstring(data)
    assert (root.get("FORMAT"), root.get("DATE")) == ("3.0", "2026-01-02T00:00:00+00:00")
    parts = [element.tag for element in root]
    assert parts == sorted(parts, key=["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE", "CONSTRAINT"].index)
    times = [int(slot.get("TIME_VALUE", "")) for slot in root.iter("TIME_SLOT")]
    assert times == sorted(times) and min(times) >= 0
    named = [
        value for element in root.iter() for name, value in element.items() if name in ("ANNOTATION_ID", "TIME_SLOT_ID")
    ]
    assert len(set(named)) == len(named) and not any(name[0].isdigit() for name in named)
    kinds = {element.get("LINGUISTIC_TYPE_ID") for element in root.iter("LINGUISTIC_TYPE")}
    assert {element.get("LINGUISTIC_TYPE_REF") for element in root.iter("TIER")} <= kinds


@settings(deadline=None)
@given(ROWS)
def test_a_table_reads_back_equal_whatever_the_words(given_rows: list[tuple[str, str, int, int]]) -> None:
    first = session(given_rows)
    found = read_bytes(written(first, "v.csv"), "v.csv") if given_rows else None
    if found is not None:
        assert rows(found) == rows(Reading(first, (), "table"))
        assert {one.name: one.participant for one in found.session.tiers} == {
            name: f"{name}'s" for name in first.events.actors
        }


@settings(deadline=None)
@given(ROWS)
def test_no_cell_of_a_table_begins_like_a_formula(given_rows: list[tuple[str, str, int, int]]) -> None:
    text = written(session(given_rows), "v.csv").decode()
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@settings(deadline=None)
@given(ROWS)
def test_an_elan_file_reads_back_equal_whatever_the_words(given_rows: list[tuple[str, str, int, int]]) -> None:
    first = session(given_rows)
    found = read_bytes(written(first, "v.eaf"), "v.eaf")
    written_rows = Counter(row[:4] for row in rows(Reading(first, (), "elan")))
    assert Counter(row[:4] for row in rows(found)) == written_rows  # ELAN keeps no order across tiers at one time


@pytest.mark.parametrize("ending", ["csv", "parquet", "eaf", "boris", "TextGrid"])
def test_a_recording_that_goes_on_after_its_last_row_keeps_its_length(ending: str) -> None:
    long = session_from_rows([("child", "a", 0, 13_000)], name="v", ids=["a1"], duration_ms=600_000)
    back = read_bytes(written(long, f"v.{ending}"), f"v.{ending}").session
    assert (back.events.duration_ms.tolist(), back.observed) == ([600_000], ())
    assert not_kept(long, f"v.{ending}") == ()


@pytest.mark.parametrize("ending", ["csv", "parquet", "eaf", "boris", "rttm", "TextGrid"])
def test_a_recording_that_ends_with_its_last_row_loses_no_length(ending: str) -> None:
    short = session_from_rows([("child", "a", 0, 13_000)], name="v", ids=["a1"])
    assert read_bytes(written(short, f"v.{ending}"), f"v.{ending}").session.events.duration_ms.tolist() == [13_000]
    assert not_kept(short, f"v.{ending}") == ()


def test_a_length_that_a_kind_of_file_cannot_hold_is_named() -> None:
    long = session_from_rows([("child", "a", 0, 13_000)], name="v", ids=["a1"], duration_ms=600_000)
    (said,) = not_kept(long, "v.rttm")
    assert said.startswith("the recording lasts 10 min and its last row ends at 13 s;")
    assert len(not_kept(session_from_rows([], name="v", ids=[], duration_ms=9), "v.csv")) == 1


def test_what_was_observed_is_kept_by_boris_and_named_elsewhere() -> None:
    whole = session_from_rows([("child", "a", 2_000, 3_000)], name="v", ids=["a1"], duration_ms=9_000)
    part = replace(whole, observed=(Span(1_000, 6_000),))
    assert read_bytes(written(part, "v.boris"), "v.boris").session.observed == (Span(1_000, 6_000),)
    assert not_kept(part, "v.boris") == ()
    assert len(not_kept(part, "v.csv")) == 1
    assert len(not_kept(replace(whole, observed=(Span(0, 1), Span(2, 9))), "v.boris")) == 1


def test_parents_read_back_from_a_table() -> None:
    data = eaf(tier("u", at("a1", "b", "e")), tier("x", under("c", "a1", "v"), parent="u"), slots={"b": 0, "e": 9})
    first = read_bytes(data, "v.eaf")
    found = read_bytes(written(first.session, "v.csv"), "v.csv")
    assert [parent_id(found, row) for row in range(2)] == ["", "a1"]
    assert [one.parent for one in found.session.tiers] == ["", "u"]


@pytest.mark.parametrize("ending", ["TextGrid", "rttm", "boris"])
def test_rows_that_hang_under_others_are_refused_where_they_have_no_place(ending: str) -> None:
    listed = [("CHI", "x", 0, 9), ("vcm@CHI", "Y", 0, 9)]
    tiers = [Tier("CHI"), Tier("vcm@CHI", parent="CHI")]
    hung = session_from_rows(listed, name="v", ids=["a", "b"], parents=[-1, 0], tiers=tiers)
    with pytest.raises(WrongUse, match=r"under.*\.csv"):
        written(hung, f"v.{ending}")


def test_a_sign_that_xml_cannot_hold_is_refused_not_dropped() -> None:
    with pytest.raises(WrongUse, match="cannot hold"):
        written(session([("child", "a\x01b", 0, 5)]), "v.eaf")


def test_a_file_that_is_there_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    write(session([("child", "a", 0, 5)]), target)
    with pytest.raises(WrongUse, match="there already"):
        write(session([("child", "b", 0, 5)]), target)
    assert rows(formats.read(target))[0][1] == "a"
    write(session([("child", "b", 0, 5)]), target, replace=True)
    assert rows(formats.read(target))[0][1] == "b"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_an_unknown_ending_and_a_missing_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"\.docx"):
        write(session([]), tmp_path / "out.docx")
    with pytest.raises(WrongUse, match="cannot be written"):
        write(session([]), tmp_path / "no" / "out.csv")


def session(given_rows: list[tuple[str, str, int, int]]) -> Session:
    made = [(who, value, start, start + length) for who, value, start, length in given_rows]
    names = list(dict.fromkeys(who for who, *_ in made))
    tiers = [Tier(name, participant=f"{name}'s") for name in names]
    return session_from_rows(made, name="v", ids=[f"a{at}" for at in range(len(made))], tiers=tiers)


def everything(found: Reading) -> tuple[object, ...]:
    under = [parent_id(found, row) for row in range(len(found.session.events))]
    return rows(found), under, found.session.tiers, found.session.media, found.session.name
