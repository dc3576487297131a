"""Files that are broken, harmful or something else: one clear line and exit 4, soon, through the command itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.formats.making import at, eaf, tier, under

from attunement.cli import main
from attunement.errors import NotReadable
from attunement.events import Reading
from attunement.formats import elan, read_bytes, table
from attunement.formats.table_columns import OWN

SECONDS = 2.0
READERS = (elan, table)  # imported before the clock runs
SLOTS: dict[str, int | None] = {"t1": 0, "t2": 900}
GOOD = eaf(tier("CHI", at("a1", "t1", "t2", "0.")), tier("vcm@CHI", under("a2", "a1", "Y"), parent="CHI"), slots=SLOTS)
BODY = GOOD.split(b"?>\n", 1)[1]


def with_type(inside: bytes, value: bytes = b"&x;") -> bytes:
    declared = b'<?xml version="1.0"?>\n<!DOCTYPE ANNOTATION_DOCUMENT ' + inside + b">\n"
    return declared + BODY.replace(b"<ANNOTATION_VALUE>0.", b"<ANNOTATION_VALUE>" + value)


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
CHAIN = [under(f"a{n}", f"a{n - 1}") for n in range(1, 2_000)]
HOSTILE: dict[str, Callable[[], bytes]] = {
    "billion laughs": lambda: with_type(b'[<!ENTITY l0 "lol">' + LAUGHS + b"]", b"&l9;"),
    "quadratic blow-up": lambda: with_type(b'[<!ENTITY x "' + b"a" * 50_000 + b'">]', b"&x;" * 10_000),
    "external entity, file": lambda: with_type(b'[<!ENTITY x SYSTEM "file:///etc/passwd">]'),
    "external entity, http": lambda: with_type(b'[<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]'),
    "external document type": lambda: with_type(b'SYSTEM "http://127.0.0.1:9/x.dtd"', b"0."),
    "parameter entity": lambda: with_type(b'[<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]', b"0."),
    "document type in UTF-16": lambda: with_type(b'[<!ENTITY x "y">]').decode().encode("utf-16"),
    "document type in UTF-7": lambda: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-' + BODY,
    "entity nobody declared": lambda: GOOD.replace(b"0.", b"&nbsp;"),
    "attribute of 8 MiB": lambda: GOOD.replace(b'"CHI"', b'"' + b"x" * 2**23 + b'"'),
    "value of 8 MiB": lambda: GOOD.replace(b"0.", b"x" * 2**23),
    "depth of 100,000": lambda: GOOD.replace(b"0.", b"<a>" * 100_000 + b"</a>" * 100_000),
    "depth of 100,000, never closed": lambda: b"<ANNOTATION_DOCUMENT>" + b"<a>" * 100_000,
    "five million elements": lambda: b"<ANNOTATION_DOCUMENT>" + b"<a/>" * 5_000_000 + b"</ANNOTATION_DOCUMENT>",
    "row under itself": lambda: GOOD.replace(b'ANNOTATION_REF="a1"', b'ANNOTATION_REF="a2"'),
    "tiers under each other": lambda: GOOD.replace(b'TIER_ID="CHI"', b'TIER_ID="CHI" PARENT_REF="vcm@CHI"'),
    "rows 2,000 deep": lambda: eaf(tier("x", at("a0", "t1", "t2"), *CHAIN), slots=SLOTS),
    "empty": lambda: b"",
    "blank": lambda: b"  \r\n\t ",
    "only a byte order mark": lambda: b"\xef\xbb\xbf",
    "picture": lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\4\0\0\0\3\0\x08\2\0\0\0",
    "archive": lambda: b"PK\3\4\x14\0\0\0\x08\0abc,def;",
    "sound": lambda: b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0",
    "another XML": lambda: b'<?xml version="1.0"?><ITS fileName="x"><ProcessingUnit/></ITS>',
    "not UTF-8": lambda: GOOD.replace(b"0.", b"\xe4\xf6"),
    "another encoding declared": lambda: GOOD.replace(b"UTF-8", b"latin-1").replace(b"0.", b"\xe4"),
    "UTF-16 without its mark": lambda: GOOD.decode().encode("utf-16-le"),
    "half a UTF-16 sign": lambda: GOOD.decode().encode("utf-16") + b"\0",
    "lone surrogate": lambda: b"\xff\xfe<\0\x00\xd8",
    "UTF-32": lambda: GOOD.decode().encode("utf-32"),
    "zero byte": lambda: GOOD.replace(b"0.", b"\0"),
    "two roots": lambda: GOOD + b"<a/>",
    "control sign": lambda: GOOD.replace(b"0.", b"\1"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_harmful_or_wrong_file_gets_one_line_and_exit_4(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(HOSTILE[kind](), "visit.eaf", tmp_path, capsys)
    assert "passwd" not in line and "root:" not in line


CUTS = sorted({*range(1, len(GOOD), 41), len(GOOD) - 1, len(GOOD) - 2})


@pytest.mark.parametrize("cut", CUTS)
def test_a_truncated_file_gets_one_line_and_exit_4(
    cut: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(GOOD[:cut], "visit.eaf", tmp_path, capsys)


TABLES: dict[str, bytes] = {
    "cp1252": "onset_ms,offset_ms,code\n1,2,ärger\n".encode("cp1252"),
    "zero byte": b"onset_ms,offset_ms,code\n1,2,a\0\n",
    "no times": b"name,mood\nx,y\n",
    "one line of 100 MB": b"onset_ms," + b"x" * 100_000_000,
    "two thousand columns": b",".join(b"onset_ms" for _ in range(2_000)),
    "tiers under each other": b"session,tier,participant,value,start_ms,end_ms,id,parent\nv,a,,x,0,1,1,2\nv,b,,x,0,1,2,1\n",
    "a row under itself": b"session,tier,participant,value,start_ms,end_ms,id,parent\nv,a,,x,0,1,1,1\n",
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_wrong_table_gets_one_line_and_exit_4(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(TABLES[kind], "visit.csv", tmp_path, capsys)


def test_a_file_that_is_not_there_or_a_folder_gets_one_line_and_exit_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path / "none.eaf", tmp_path, tmp_path / "x\0y.eaf"):
        assert main(["convert", str(path), "--to", str(tmp_path / "out.csv")]) == 4
        assert one_line(capsys)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["v.eaf", "v.csv", "v", "v.txt"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    read_or_refused(data, name)


SIGNS = st.text(st.sampled_from("0123456789.,;:\t\n\r\"' -+=eNaonset_mcd"), max_size=200)
HEADERS = st.sampled_from(["", "onset,offset,code\n", f"{','.join(OWN)}\n"])


@settings(max_examples=100, deadline=None)
@given(SIGNS, HEADERS)
def test_any_table_is_read_or_refused(text: str, header: str) -> None:
    read_or_refused((header + text).encode(), "v.csv")


PIECES = st.sampled_from([GOOD[begin : begin + 12] for begin in range(0, len(GOOD), 7)]) | st.binary(max_size=3)
CHANGES = st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 40), PIECES), max_size=6)


@settings(max_examples=100, deadline=None)
@given(CHANGES)
def test_an_elan_file_with_anything_changed_is_read_or_refused(changes: list[tuple[int, int, bytes]]) -> None:
    data = GOOD
    for begin, length, put in changes:
        data = data[:begin] + put + data[begin + length :]
    read_or_refused(data, "v.eaf")


IDS = st.sampled_from(["a", "b", "c", "d", "t1", "t2", "x", ""])
ITEMS = st.builds(at, IDS, IDS, IDS, IDS) | st.builds(under, IDS, IDS, IDS, IDS)
TIERS = st.lists(st.tuples(IDS, st.lists(ITEMS, max_size=4), IDS), max_size=4)


@settings(max_examples=100, deadline=None)
@given(TIERS, st.dictionaries(IDS, st.none() | st.integers(-9, 99)))
def test_any_references_are_read_or_refused(
    tiers: list[tuple[str, list[str], str]], slots: dict[str, int | None]
) -> None:
    made = [tier(name, *items, parent=parent) for name, items, parent in tiers]
    read_or_refused(eaf(*made, slots=slots), "v.eaf")


def read_or_refused(data: bytes, name: str) -> None:
    try:
        found = read_bytes(data, name)
    except NotReadable as error:
        assert "\n" not in str(error) and error.remedy
        return
    assert isinstance(found, Reading)
    events = found.session.events
    assert len(found.session.ids) == len(events) == len(found.session.parent)
    assert not len(events) or (events.start.min() >= 0 and (events.end >= events.start).all())
    assert not len(events) or ((found.session.parent < len(events)).all() and (events.end <= 172_800_000).all())


def refused(data: bytes, name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = folder / name
    path.write_bytes(data)
    began = time.process_time()  # not by the wall clock: the machine may be busy
    code = main(["convert", str(path), "--to", str(folder / "out.csv")])
    assert time.process_time() - began < SECONDS
    line = one_line(capsys)
    assert (code, not (folder / "out.csv").exists()) == (4, True), line
    assert name in line and "; " in line
    return line


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("attunement: ") and err.count("\n") == 1 and len(err) < 600, err
    return err
