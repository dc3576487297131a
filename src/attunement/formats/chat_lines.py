"""A CHAT transcript as its own lines: what goes on after a tab is one line, bullets are times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

BULLET = "\x15"
TIME_DIGITS = 15  # a time with more digits than any clock has
FAR_MS = 2**53
_PLAIN = re.compile(r"(\d{1,15})_(\d{1,15})", re.ASCII)
_NO_TIMES = ("%pic:", "%txt:")  # bullets that show a picture or a text


class Line(NamedTuple):
    """One line with those that go on from it. number: where it begins, from 1; mark: "*", "%", "@" or another sign."""

    number: int
    mark: str
    name: str
    text: str


class Timed(NamedTuple):
    """The text of a line without its bullets, and the times (start, end) that these gave."""

    text: str
    times: tuple[tuple[int, int], ...]
    unread: int = 0  # bullets that hold no time


def lines(text: str) -> Iterator[Line]:
    number, parts = 0, list[str]()
    for at, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        if parts and line[0] in "\t ":
            parts.append(line)
            continue
        if parts:
            yield _line(number, parts)
        number, parts = at, [line]
    if parts:
        yield _line(number, parts)


def _line(number: int, parts: list[str]) -> Line:
    first = parts[0]
    if len(parts) > 1:
        first = " ".join([first.rstrip(), *(part.strip() for part in parts[1:])])
    head, _, text = first.partition(":")
    return Line(number, first[0], head[1:].strip(), text.strip())


def timed(text: str) -> Timed:
    """The line's text apart from its bullets: between two signs of bullet stands start_end, in milliseconds."""
    if BULLET not in text:
        return Timed(text, ())
    parts = text.split(BULLET)
    if len(parts) == 3 and not parts[2] and (times_of_one := _times(parts[1])):
        return Timed(parts[0].rstrip(), (times_of_one,))
    said, bullets = parts[::2], parts[1:-1:2]
    times = [_times(bullet) for bullet in bullets]
    unread = sum(time is None and not bullet.startswith(_NO_TIMES) for time, bullet in zip(times, bullets, strict=True))
    unread += len(parts) % 2 == 0  # the last one does not close
    words = " ".join(filter(None, map(str.strip, said)))
    return Timed(words, tuple(time for time in times if time is not None), unread)


def _times(bullet: str) -> tuple[int, int] | None:
    """The times in `12_345`, or in the older `%snd:"file"_12_345`."""
    if plain := _PLAIN.fullmatch(bullet):
        return int(plain[1]), int(plain[2])
    parts = bullet.removesuffix("-").rsplit("_", 2)
    if len(parts) < 2 or (len(parts) == 3 and not parts[0].startswith("%")):
        return None
    first, last = parts[-2:]
    if not (first.isdecimal() and last.isdecimal() and first.isascii() and last.isascii()):
        return None
    return _milliseconds(first), _milliseconds(last)


def _milliseconds(digits: str) -> int:
    return int(digits) if len(digits) <= TIME_DIGITS else FAR_MS
