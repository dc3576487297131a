"""The opening tags of a large XML file in the order they come, as expat meets them: nothing is built, all bounded."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

from attunement.errors import NotReadable
from attunement.formats.text import utf8
from attunement.formats.xml import refuse_hostile

_PIECE = 2**20
_HEAD = 4_096  # a document type stands before the first tag

Take = Callable[[str, list[str]], None]


def walk(
    data: bytes,
    name: str,
    *,
    root: str,
    skip: str,
    common: tuple[str, Callable[[list[str]], None]],
    take: Take,
    doctype: re.Pattern[bytes],
) -> None:
    """Calls `take(tag, [key, value, key, value, ...])` for each element, for the `common` one its own function.

    skip: the tag of elements that are left out with all that they hold. doctype: the one document type that every
    file of this kind names, without parts of its own; any other is refused.
    Raises NotReadable, at the latest where the file ends.
    """
    text = _without(doctype, utf8(data, name))
    refuse_hostile(text, name)
    parser = expat.ParserCreate("utf-8")  # the encoding is ours, not the file's to choose
    parser.ordered_attributes = True
    parser.StartElementHandler = _first(parser, root, _taking(parser, skip, common, take), name)
    try:
        for at in range(0, len(text), _PIECE):
            parser.Parse(text[at : at + _PIECE], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotReadable(
            f"it is not whole XML ({expat.ErrorString(error.code)})", place=f"{name}, line {error.lineno}",
            remedy="check that it was copied whole, or save it again in its program",
        ) from None  # fmt: skip


def _without(doctype: re.Pattern[bytes], text: bytes) -> bytes:
    found = doctype.search(text, 0, _HEAD)
    return text[: found.start()] + text[found.end() :] if found else text


def _first(parser: expat.XMLParserType, root: str, then: Take, name: str) -> Take:
    def begin(tag: str, given: list[str]) -> None:
        if tag != root:
            raise NotReadable(f"it begins with <{tag[:40]}>, not <{root}>", place=name, remedy="check the file")
        parser.StartElementHandler = then

    return begin


def _taking(
    parser: expat.XMLParserType, skip: str, common: tuple[str, Callable[[list[str]], None]], take: Take
) -> Take:
    usual, keep = common
    depth = 0

    def begin(tag: str, given: list[str]) -> None:  # a day calls this fifteen thousand times: as little as can be
        if tag == usual:
            keep(given)
        elif tag == skip:
            parser.StartElementHandler, parser.EndElementHandler = down, up
            down(tag, given)
        else:
            take(tag, given)

    def down(tag: str, given: list[str]) -> None:
        nonlocal depth
        depth += 1

    def up(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if not depth:
            parser.StartElementHandler, parser.EndElementHandler = begin, None

    return begin
