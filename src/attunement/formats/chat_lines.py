"""A CHAT transcript as its own lines: what goes on after a tab is one line, bullets are times.

Lines are columns. Those that differ from most, as they go on or hold other bullets than one at their end, are read
one by one and put back in their places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl

from attunement.events import Bools, Ints
from attunement.formats.text import LONGEST_FIELD

BULLET = "\x15"
TIME_DIGITS = 15  # a time with more digits than any clock has
FAR_MS = 2**53
_PLAIN = re.compile(r"(\d{1,15})_(\d{1,15})", re.ASCII)
_ONE_TIME = r"^[0-9]{1,15}_[0-9]{1,15}$"
_NO_TIMES = ("%pic:", "%txt:")  # bullets that show a picture or a text
_SPACES = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())  # Polars takes fewer signs for spaces


class Timed(NamedTuple):
    """The text of a line without its bullets, and the times (start, end) that these gave."""

    text: str
    times: tuple[tuple[int, int], ...]
    unread: int = 0  # bullets that hold no time


@dataclass(frozen=True, slots=True, eq=False)
class Bullets:
    """The texts (n,) of lines without their bullets, and the times of those that have any.

    start, end: 0 for a line without times. Of a line with several bullets, the first one's start and the last one's end.
    begins: (m,) where each bullet begins, of (m,) `row`, in order. unread: rows in which a bullet holds no time.
    bracket: whether "[+" is in it, as where postcodes are.
    """

    text: pl.Series
    timed: Bools
    start: Ints
    end: Ints
    begins: Ints
    row: Ints
    unread: list[int]
    bracket: Bools


def lines(text: str) -> pl.DataFrame:
    """Columns, a row a line with those that go on from it.

    number: where it begins, from 1; mark: its first sign, "*", "%", "@" or another one; name; text; long: whether that
    is longer than any field may be.
    """
    line = pl.col("line")
    every = (
        pl.LazyFrame({"line": [text]}).select(line.str.split("\n").explode()).with_row_index("number", 1)
        .filter(line.str.len_bytes() > 0).with_columns(mark=line.str.slice(0, 1)).collect()
    )  # fmt: skip
    goes_on = ((every["mark"] == "\t") | (every["mark"] == " ")).to_numpy().copy()
    goes_on[:1] = False
    if goes_on.any():
        begins = np.flatnonzero(~goes_on)
        every = every[begins].with_columns(_joined(every["line"], begins))
    parts, said = line.str.splitn(":", 2).struct, pl.col("text")
    return (
        every.lazy().select(
            "number", "mark", name=_stripped(parts[0].str.slice(1)), text=_stripped(parts[1].fill_null(""))
        ).with_columns(long=(said.str.len_bytes() > LONGEST_FIELD) & (said.str.len_chars() > LONGEST_FIELD)).collect()
    )  # fmt: skip


def _joined(every: pl.Series, begins: Ints) -> pl.Series:
    """The lines at `begins`, each with those up to the next one."""
    ends = np.append(begins[1:], len(every))
    long = np.flatnonzero(ends - begins > 1)
    words = every[np.flatnonzero(np.repeat(ends - begins > 1, ends - begins))].to_list()
    joined, at = [], 0
    for count in (ends - begins)[long].tolist():
        joined.append(" ".join([words[at].rstrip(), *map(str.strip, words[at + 1 : at + count])]))
        at += count
    return every[begins].scatter(long, joined)


def _stripped(column: pl.Expr) -> pl.Expr:
    return column.str.strip_chars(_SPACES)


def bullets(text: pl.Series) -> Bullets:
    """What the bullets of each line say, most of which hold one, at its end."""
    said = text.alias("text").to_frame().lazy().with_columns(
        signs=pl.col("text").str.count_matches(BULLET, literal=True), parts=pl.col("text").str.split_exact(BULLET, 2)
    )  # fmt: skip
    words, bullet, rest = (pl.col("parts").struct[at] for at in range(3))
    plain = (pl.col("signs") == 2) & (rest == "") & bullet.str.contains(_ONE_TIME)
    said = said.with_columns(plain=plain, times=pl.when(plain).then(bullet).str.split_exact("_", 1))
    start, end = (pl.col("times").struct[at].cast(pl.Int64).fill_null(0) for at in range(2))
    found = said.select(
        "signs", "plain", start=start, end=end, bracket=pl.col("text").str.contains("[+", literal=True),
        text=pl.when("plain").then(words.str.strip_chars_end(_SPACES)).otherwise("text"),
    ).collect()  # fmt: skip
    has, start_ms, end_ms = (found[name].to_numpy().copy() for name in ("plain", "start", "end"))
    odd = np.flatnonzero((found["signs"].to_numpy() > 0) & ~has)
    said_plainly = Bullets(
        found["text"], has, start_ms, end_ms, start_ms[has], np.flatnonzero(has), [], found["bracket"].to_numpy()
    )
    return _with_odd(said_plainly, odd) if len(odd) else said_plainly


def _with_odd(plain: Bullets, odd: Ints) -> Bullets:
    """The same with the lines `odd`, each read by itself."""
    read = dict(zip(odd.tolist(), map(timed, plain.text[odd].to_list()), strict=True))
    for at, one in read.items():
        if one.times:
            plain.timed[at], plain.start[at], plain.end[at] = True, one.times[0][0], one.times[-1][1]
    more = [(at, begin) for at, one in read.items() for begin, _ in one.times]
    row = np.append(plain.row, np.array([at for at, _ in more], np.int64))
    begins = np.append(plain.begins, np.array([begin for _, begin in more], np.int64))
    order = np.argsort(row, kind="stable")
    return replace(
        plain, text=plain.text.scatter(odd, [one.text for one in read.values()]), begins=begins[order], row=row[order],
        unread=[at for at, one in read.items() if one.unread],
    )  # fmt: skip


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
