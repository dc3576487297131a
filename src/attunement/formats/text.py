"""Bytes of a text file as UTF-8, or one clear line that says why not."""

from __future__ import annotations

import codecs

from attunement.errors import NotReadable

MOST_BYTES = 256 * 2**20  # a day of dense coding takes 20 MB
LONGEST_FIELD = 64 * 2**10  # one value or attribute; the longest real ones hold a few sentences
LONGEST_LINE = 2**20  # where a file goes by lines; the longest real ones hold some minutes of talk

_PIECE = 2**20
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
    wrong = _not_utf8(data)
    if wrong is not None:
        raise NotReadable(
            "its letters are not in UTF-8", place=f"{name}, line {line_at(data, wrong)}",
            remedy="save it again with the encoding UTF-8 (in a spreadsheet: “CSV UTF-8”)",
        )  # fmt: skip
    return data


def refuse_long_lines(text: bytes, name: str) -> None:
    """For kinds of files that go by lines. Raises NotReadable."""
    begin = 0
    while len(text) - begin > LONGEST_LINE:
        window = begin, begin + LONGEST_LINE
        end = text.rfind(b"\n", *window)
        end = end if end >= 0 else text.rfind(b"\r", *window)  # one real program still ends its lines so
        if end < 0:
            raise NotReadable(
                f"this line is longer than {LONGEST_LINE >> 20} MB", place=f"{name}, line {line_at(text, begin)}",
                remedy="check that it is a text of lines",
            )  # fmt: skip
        begin = end + 1


def line_at(data: bytes, position: int) -> int:
    """The line, from 1, of a byte."""
    return data.count(b"\n", 0, position) + 1


def _not_utf8(data: bytes) -> int | None:
    """Where the first letter stands that is none, piece by piece: a whole text of wide letters takes much room."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for begin in range(0, len(data), _PIECE):
        kept = len(decoder.getstate()[0])  # of a letter that the piece before cut in two
        try:
            decoder.decode(data[begin : begin + _PIECE], final=begin + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            return begin - kept + error.start
    return None


def _from_utf16(data: bytes, name: str) -> bytes:
    try:
        return data.decode("utf-16").encode("utf-8")
    except UnicodeError:
        raise NotReadable("it begins as UTF-16 and does not go on so", place=name, remedy="save it in UTF-8") from None
