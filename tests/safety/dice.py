"""Chances by a seed, the words that readers stumble over, and how a file is damaged byte by byte."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

NUMBERS = ("0", "1", "-1", "0.5", "1e999", "NaN", "Infinity", "-0", "900", "1.25", "172800000", "172800001", "172801",
           "999999999", "9223372036854775807", "9223372036854775808", "1e308", "5e-324", "0x10", "1_000", "٣", "½", "",
           " ", ".", "-", "+1", "1.2.3", "0:00:01.5", "00:00:01:000", "9" * 40, "1" * 5_000, "PT1.5S",
           "1,5", "2147483648")  # fmt: skip
WORDS = ("CHI", "MOT", "a1", "a2", "t1", "t2", "x@CHI", "", " ", "=1+1", "@", "-", "a\tb", "a\nb", "a\rb", '"', '""', "'",
         "\\", "\\,", "(", ")", "|", "ä", "\u202egnp", "\u2028", "\ufeff", "\U0001f476", "e\u0301", "x" * 300, "<a>", "&lt;",
         "]]>", "%", "{", "}", "[", "\x15", "\x1f", "\x7f", "NaN", "null", "\\ud800", "<NA>", "SPEAKER", "IntervalTier",
         "#", "@Begin", "*CHI:", "a,b", "a;b", "None", "CHI ", " CHI", "chi")  # fmt: skip
SIGNS = ("<!DOCTYPE", "<!--", "<![CDATA[", "\r", "\n", "\r\n", "\t", "\x85")
MARKS = (
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"PK\3\4",
    b"PK\5\6",
    b"\x1f\x8b",
    b"PAR1",
)
PIECES = (*(piece.encode() for piece in (*NUMBERS, *WORDS, *SIGNS)), *MARKS)

_DIGITS = re.compile(rb"\d+")


class Dice(random.Random):
    """The same choices for the same seed, on any machine."""

    def likely(self, chance: float) -> bool:
        return self.random() < chance

    def number(self, *usual: str) -> str:
        """Mostly a plain time, sometimes one of the odd ones."""
        if self.likely(0.06):
            return self.choice(NUMBERS)
        return (
            self.choice(usual)
            if usual and self.likely(0.5)
            else str(self.randrange(-2 if self.likely(0.05) else 0, 9_000))
        )

    def word(self, *usual: str) -> str:
        return self.choice(usual) if usual and not self.likely(0.06) else self.choice(WORDS)

    def many(self, most: int, make: Callable[[], str], *, between: str = "") -> str:
        return between.join([make() for _ in range(self.randrange(most + 1))])


def damaged(data: bytes, dice: Dice) -> bytes:
    """The file with one to four places changed."""
    for _ in range(dice.choice((1, 1, 1, 2, 2, 4))):
        data = dice.choice(DAMAGES)(data, dice)
    return data


def _span(data: bytes, dice: Dice) -> tuple[int, int]:
    begin = dice.randrange(len(data) + 1)
    return begin, min(len(data), begin + dice.choice((1, 1, 2, 4, 16, 64)))


def _lost(data: bytes, dice: Dice) -> bytes:
    begin, end = _span(data, dice)
    return data[:begin] + data[end:]


def _twice(data: bytes, dice: Dice) -> bytes:
    begin, end = _span(data, dice)
    return data[:end] + data[begin:end] * dice.choice((1, 1, 3, 40)) + data[end:]


def _put(data: bytes, dice: Dice) -> bytes:
    begin, end = _span(data, dice)
    return data[:begin] + dice.choice(PIECES) + data[end if dice.likely(0.5) else begin :]


def _flipped(data: bytes, dice: Dice) -> bytes:
    if not data:
        return data
    at = dice.randrange(len(data))
    return data[:at] + bytes((data[at] ^ 1 << dice.randrange(8),)) + data[at + 1 :]


def _moved(data: bytes, dice: Dice) -> bytes:
    begin, end = _span(data, dice)
    rest, at = data[:begin] + data[end:], dice.randrange(len(data) + 1)
    return rest[:at] + data[begin:end] + rest[at:]


def _cut(data: bytes, dice: Dice) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _other_number(data: bytes, dice: Dice) -> bytes:
    found = list(_DIGITS.finditer(data))
    if not found:
        return data
    one = dice.choice(found)
    return data[: one.start()] + dice.choice(NUMBERS).encode() + data[one.end() :]


def _line(data: bytes, dice: Dice) -> bytes:
    """A line taken out, doubled, or moved to another place."""
    lines = data.split(b"\n")
    one = lines.pop(dice.randrange(len(lines)))
    for _ in range(dice.randrange(3)):
        lines.insert(dice.randrange(len(lines) + 1), one)
    return b"\n".join(lines)


def _line_ends(data: bytes, dice: Dice) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", dice.choice((b"\r", b"\r\n", b"\n\n", b"\n\r", b" ")))


DAMAGES: Sequence[Callable[[bytes, Dice], bytes]] = (
    _lost, _twice, _put, _put, _flipped, _moved, _cut, _other_number, _other_number, _line, _line_ends,
)  # fmt: skip
