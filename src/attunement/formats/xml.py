"""Parts of an XML file from hands we do not know, one at a time: no document type, nothing fetched, all bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from lxml import etree

from attunement.errors import NotReadable
from attunement.formats.text import LONGEST_FIELD, utf8

MOST_ELEMENTS = 2_000_000  # thirty times the densest day we know; libxml2 itself stops at 256 levels of depth

_PIECE = 2**20


def parts(text: bytes, name: str, *, root: str, tags: Sequence[str]) -> Iterator[etree._Element]:
    """Each element of `tags`, whole, in the order of a text that is `sound`; emptied when the next one is asked for.

    Raises NotReadable, at the latest when the text ends.
    """
    # The encoding is ours, not the file's to choose: the look for a document type would miss it in another one.
    parser = etree.XMLPullParser(
        events=("end",), tag=tags, encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, collect_ids=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for begin in range(0, len(text), _PIECE):
            parser.feed(text[begin : begin + _PIECE])
            for _, part in parser.read_events():
                element = cast(etree._Element, part)  # the only kind there is for “end”
                yield element
                element.clear()
        top = parser.close()
    except etree.XMLSyntaxError as error:
        what, line = _said(error)
        raise NotReadable(
            what, place=f"{name}, line {line}", remedy="check that it was copied whole, or save it again in its program"
        ) from None
    if top.tag != root:
        raise NotReadable(f"it begins with <{str(top.tag)[:40]}>, not <{root}>", place=name, remedy="check the file")


def sound(data: bytes, name: str) -> bytes:
    """The file's text in UTF-8. Raises NotReadable for a text that `refuse_hostile` refuses."""
    text = utf8(data, name)
    refuse_hostile(text, name)
    return text


def refuse_hostile(text: bytes, name: str) -> None:
    """Raises NotReadable for a document type, and for more or longer parts than any real file has."""
    tags, longest, declares = _tags(text)
    if declares and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
        raise NotReadable(
            "it declares a document type, which real files of this kind do not and harmful ones do",
            place=name, remedy="remove that line if you trust the file",
        )  # fmt: skip
    if tags > 2 * MOST_ELEMENTS:
        raise NotReadable(f"it has over {MOST_ELEMENTS:,} elements", place=name, remedy="cut it into several files")
    if longest > LONGEST_FIELD:
        raise NotReadable(
            f"one of its values is longer than {LONGEST_FIELD >> 10} KB", place=name, remedy="shorten that value"
        )


def _tags(text: bytes) -> tuple[int, int, bool]:
    """How many tags there are, the most bytes between two beginnings, and whether one begins with <! as types do.

    No attribute and no value is longer than what stands between two beginnings.
    """
    raw = np.frombuffer(text, np.uint8)
    count, longest, last, declares = 0, 0, 0, False
    for begin in range(0, len(text), _PIECE):
        opens = np.flatnonzero(raw[begin : begin + _PIECE] == ord("<")) + begin
        if len(opens):
            count += len(opens)
            longest = max(longest, int(opens[0]) - last, int(np.diff(opens).max(initial=0)))
            last = int(opens[-1])
            declares = declares or bool((raw.take(opens + 1, mode="clip") == ord("!")).any())
    return count, max(longest, len(text) - last), declares


def _said(error: etree.XMLSyntaxError) -> tuple[str, int]:
    """What libxml2 found, in one line without its positions, and the line of the file."""
    words = (error.msg or "").split(", line ")[0].strip() or "it ends too early"
    return f"it is not whole XML ({words[:120]})", max(error.lineno or 1, 1)
