"""A file that is read at once, and one that is read piece by piece: the same bytes give the same reading."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from soak.readers import honest
from tests.safety.samples import ELAN
from tests.unit.formats.told import told

from attunement.formats import elan, xml_runs

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
