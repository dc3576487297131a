"""A file that is read at once, and one that is read piece by piece: the same bytes give the same reading."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from soak.readers import honest
from tests.safety.samples import ELAN
from tests.unit.formats.told import told

from attunement.formats import chat_lines, elan, xml_runs

# What makes an element no longer plain, or hides a tag, or renames it; each may end up anywhere.
ODD = (b" ", b"\n", b"\r\n", b"\r", b"\t", b"&amp;", b"&#1;", b"]]>", b"]", b"<!--", b"-->", b"<!-- a -->", b"<?a?>",
       b"<![CDATA[<a>]]>", b' xmlns="x"', b"\x01", "\ufffe".encode(), "\u00a0".encode(), b"<a/>", b"</TIER>", b'"', b"'",
       b"<run-of-slots n='0'/>", b'<run-of-aligned n="1"/>', b"-", b"9" * 16, b' CVE_REF=""', b"<TIER>",
       b"\xff")  # fmt: skip
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
@given(put=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(ODD)), max_size=4))
def test_plain_elements_taken_out_are_what_the_parser_would_have_read(
    parsed_whole: Callable[[bytes, str], object], put: Put
) -> None:
    data = harmed(ELAN, put)
    assert told(data, "visit.eaf") == parsed_whole(data, "visit.eaf")


def test_a_plain_file_leaves_the_parser_next_to_nothing() -> None:
    assert len(xml_runs.Runs().rest(honest.elan(1_000), elan.PLAIN)) < 2_000


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
