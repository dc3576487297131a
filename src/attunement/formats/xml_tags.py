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


def sound(data: bytes, name: str, doctype: re.Pattern[bytes]) -> bytes:
    """The file's text in UTF-8, without the one document type that every file of this kind names.

    Raises NotReadable for any other document type, and for what `refuse_hostile` refuses.
    """
    text = utf8(data, name)
    if found := doctype.search(text, 0, _HEAD):
        text = text[: found.start()] + text[found.end() :]
    refuse_hostile(text, name)
    return text


def walk(text: bytes, name: str, *, root: str, skip: str, take: Take) -> None:
    """Calls `take(tag, [key, value, key, value, ...])` for each element of a text that is `sound`.

    skip: the tag of elements that are left out with all that they hold.
    Raises NotReadable, at the latest where the text ends.
    """
    parser = expat.ParserCreate("utf-8")  # the encoding is ours, not the file's to choose
    parser.ordered_attributes = True
    parser.StartElementHandler = _first(parser, root, _taking(parser, skip, take), name)
    try:
        for at in range(0, len(text), _PIECE):
            parser.Parse(text[at : at + _PIECE], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotReadable(
            f"it is not whole XML ({expat.ErrorString(error.code)})", place=f"{name}, line {error.lineno}",
            remedy="check that it was copied whole, or save it again in its program",
        ) from None  # fmt: skip


def _first(parser: expat.XMLParserType, root: str, then: Take, name: str) -> Take:
    def begin(tag: str, given: list[str]) -> None:
        if tag != root:
            raise NotReadable(f"it begins with <{tag[:40]}>, not <{root}>", place=name, remedy="check the file")
        parser.StartElementHandler = then

    return begin


def _taking(parser: expat.XMLParserType, skip: str, take: Take) -> Take:
    depth = 0

    def begin(tag: str, given: list[str]) -> None:
        if tag == skip:
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
