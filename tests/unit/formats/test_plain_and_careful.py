"""A file that is read at once, and one that is read piece by piece: the same bytes give the same reading."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from soak.readers import honest
from tests.safety.samples import ELAN, LENA
from tests.unit.formats.told import told

from attunement.errors import NotReadable
from attunement.formats import boris_rows, chat_lines, elan, json_safely, lena, xml_runs, xml_tags

# What makes an element no longer plain, or hides a tag, or renames it; each may end up anywhere.
ODD = (b" ", b"\n", b"\r\n", b"\r", b"\t", b"&amp;", b"&#1;", b"]]>", b"]", b"<!--", b"-->", b"<!-- a -->", b"<?a?>",
       b"<![CDATA[<a>]]>", b' xmlns="x"', b"\x01", "\ufffe".encode(), "\u00a0".encode(), b"<a/>", b"</TIER>", b'"', b"'",
       b"<run-of-slots n='0'/>", b'<run-of-aligned n="1"/>', b' average_dB="1"', b' spkr="CHN"', b"-",
       b"9" * 16, b' CVE_REF=""', b"<TIER>", b"\xff")  # fmt: skip
SEGMENT = b'<Segment spkr="CHN" average_dB="-1" childUttCnt="1" startTime="PT0.00S" endTime="PT1.00S"/>'
FILES = ((ELAN, "visit.eaf"), (LENA.replace(b"<Bar>", b"<Bar>" + SEGMENT), "visit.its"))
Put = list[tuple[float, bytes]]


def harmed(data: bytes, put: Put) -> bytes:
    """The file with odd bytes in it, mostly before or after a tag."""
    for where, odd in put:
        at = round(where * len(data))
        tag = data.find(b"<" if at % 2 else b">", at) + (at + 1) % 2
        at = at if at % 5 == 0 or tag <= 0 else tag
        data = data[:at] + odd + data[at:]
    return data


@pytest.fixture(scope="module")
def parsed_whole() -> Callable[[bytes, str], object]:
    def read(data: bytes, name: str) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xml_runs.Runs, "rest", lambda self, text, plain: b"")
            return told(data, name)

    return read


@settings(max_examples=300, deadline=None)
@given(
    file=st.sampled_from(FILES),
    put=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(ODD)), max_size=4),
)
def test_plain_elements_taken_out_are_what_the_parser_would_have_read(
    parsed_whole: Callable[[bytes, str], object], file: tuple[bytes, str], put: Put
) -> None:
    data, name = harmed(file[0], put), file[1]
    assert told(data, name) == parsed_whole(data, name)


def test_a_plain_file_leaves_the_parser_next_to_nothing() -> None:
    assert len(xml_runs.Runs().rest(honest.elan(1_000), elan.PLAIN)) < 2_000
    day = xml_tags.sound(honest.lena(1_000), "day.its", lena.DOCTYPE)
    assert len(xml_runs.Runs().rest(day, lena.PLAIN)) < len(day) / 10


WORDS = (
    "ba",
    " ",
    "\x15",
    "\x15",
    "12_34",
    "7_9",
    "_",
    "5",
    "%pic:",
    '%snd:"a"_',
    "\u00a0",
    "\x1c",
    "[+ IN]",
    "-",
    "9" * 16,
)


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map("".join).map(str.strip), min_size=1, max_size=6))
def test_bullets_of_many_lines_are_those_of_each_line(texts: list[str]) -> None:
    found, each = chat_lines.bullets(pl.Series(texts)), [chat_lines.timed(text) for text in texts]
    assert found.text.to_list() == [one.text for one in each]
    assert found.timed.tolist() == [bool(one.times) for one in each]
    spans = [(one.times[0][0], one.times[-1][1]) if one.times else (0, 0) for one in each]
    assert list(zip(found.start.tolist(), found.end.tolist(), strict=True)) == spans
    begins = [(at, begin) for at, one in enumerate(each) for begin, _ in one.times]
    assert list(zip(found.row.tolist(), found.begins.tolist(), strict=True)) == begins
    assert found.unread == [at for at, one in enumerate(each) if one.unread]


@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(
        st.sampled_from(("*CHI", ":", "\t", " ", "\n", "\n", "a b", "%add", "@End", "\x1d", "\u3000")), min_size=1
    )
)
def test_lines_that_go_on_are_one_line(text: list[str]) -> None:
    found = chat_lines.lines("".join(text))
    whole: list[tuple[int, list[str]]] = []
    for number, line in enumerate("".join(text).split("\n"), 1):
        if line and line[0] in "\t " and whole:
            whole[-1][1].append(line)
        elif line:
            whole.append((number, [line]))
    joined = [" ".join([first.rstrip(), *map(str.strip, rest)]) if rest else first for _, (first, *rest) in whole]
    parts = [line.partition(":") for line in joined]
    assert found["number"].to_list() == [number for number, _ in whole]
    assert found["mark"].to_list() == [lines[0][0] for _, lines in whole]
    assert found["name"].to_list() == [head[1:].strip() for head, _, _ in parts]
    assert found["text"].to_list() == [said.strip() for _, _, said in parts]


NUMBERS = st.sampled_from(
    ["0", "-1.5", "12.345", "1e5", "1E-3", "1e999", "9" * 15, "9" * 17, "0." + "3" * 20, "NaN", "2" * 400]
)
JSON = st.recursive(
    NUMBERS | st.text('ab[{\\"e1', max_size=4).map(json.dumps),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"[{','.join(parts)}]"),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(text=JSON)
def test_numbers_that_are_not_looked_at_are_the_same_numbers(text: str) -> None:
    def loaded() -> str:
        try:
            return repr(json_safely.load(text.encode(), "visit.boris"))
        except NotReadable as error:
            return str(error)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_safely, "_has_odd_number", lambda text: True)
        each = loaded()
    assert loaded() == each


PRESSES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(1, 3)), max_size=12)


@settings(max_examples=400, deadline=None)
@given(pressed=PRESSES, by_turns=st.booleans())
def test_states_are_paired_as_they_would_be_press_by_press(pressed: list[tuple[int, int, int]], by_turns: bool) -> None:
    status = [boris_rows.STATE if by_turns else min(one, boris_rows.STOP) for _, _, one in pressed]
    names = tuple((f"who{at}", "hug", "") for at in range(3))
    columns = np.array([key for key, _, _ in pressed], np.int32), np.array([ms for _, ms, _ in pressed], np.int64)
    presses = boris_rows.Presses(
        names, *columns, np.array(status, np.int8), [("",)] * len(pressed), "line", np.arange(len(pressed))
    )
    observation = boris_rows.Observation("visit", "visit.tsv")
    found = boris_rows.paired(presses, observation)
    open_: dict[int, int] = {}
    pairs, alone = [], []
    for at in sorted(range(len(pressed)), key=lambda at: pressed[at][1]):
        begun = open_.pop(pressed[at][0], None)
        if begun is None and status[at] != boris_rows.STOP:
            open_[pressed[at][0]] = at
        elif begun is None or status[at] == boris_rows.START:
            alone.append(at if begun is None else begun)
            open_ |= {} if begun is None else {pressed[at][0]: at}
        else:
            pairs.append((begun, at))
    assert list(zip(found.first.tolist(), found.last.tolist(), strict=True)) == pairs
    said = [f"visit.tsv line {at}" for at in [*alone, *open_.values()]]
    assert [issue.place for issue in observation.notes.issues()] == said
