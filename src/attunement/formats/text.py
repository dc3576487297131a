"""Bytes of a text file as UTF-8, or one clear line that says why not."""

from __future__ import annotations

import codecs

from attunement.errors import NotReadable

MOST_BYTES = 256 * 2**20  # a day of dense coding takes 20 MB
LONGEST_FIELD = 64 * 2**10  # one value or attribute; the longest real ones hold a few sentences

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def utf8(data: bytes, name: str) -> bytes:
    """The text in UTF-8 without a byte order mark. Raises NotReadable."""
    if len(data) > MOST_BYTES:
        raise NotReadable(f"it is larger than {MOST_BYTES >> 20} MB", place=name, remedy="cut it into several files")
    if data.startswith(_UTF16_MARKS):
        data = _from_utf16(data, name)
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data or data.isspace():
        raise NotReadable("it is empty", place=name, remedy="check that it was saved and copied whole")
    if b"\0" in data:
        raise NotReadable("it holds zero bytes, as no text does", place=name, remedy="save it as text in UTF-8")
    if data.isascii():
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotReadable(
            "its letters are not in UTF-8", place=f"{name}, line {line_at(data, error.start)}",
            remedy="save it again with the encoding UTF-8 (in a spreadsheet: “CSV UTF-8”)",
        ) from None  # fmt: skip
    return data


def line_at(data: bytes, position: int) -> int:
    """The line, from 1, of a byte."""
    return data.count(b"\n", 0, position) + 1


def _from_utf16(data: bytes, name: str) -> bytes:
    try:
        return data.decode("utf-16").encode("utf-8")
    except UnicodeError:
        raise NotReadable("it begins as UTF-16 and does not go on so", place=name, remedy="save it in UTF-8") from None
