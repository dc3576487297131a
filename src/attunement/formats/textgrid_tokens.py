"""All that a Praat text file says: strings in quotes and numbers that stand free; other words are for people."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attunement.events import Bools, Ints

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

QUOTE, COMMENT, SPACE, UNDERSCORE = b'"!\x20_'
WIDTHS = (16, 26)  # most numbers fit the first, one of full precision the second; wider ones are read one by one
LONGEST_NUMBER = 1_000
_PIECE = 2**18  # small enough for the processor's own memory
MOST_DIGITS = 15  # as many as a float holds exactly
POWERS = np.array([float(10**power) for power in range(MOST_DIGITS + 1)])
_NUMBER = re.compile(r"[+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?", re.ASCII)
_TOKEN = re.compile(r'"([^"]*+(?:""[^"]*+)*+)("?)|!([^\n\r]*+)|([^\x00-\x20"!]++)')


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """strings: (m,) in order. numbers: those before string i are `numbers[first[i]:first[i + 1]]`, NaN if unreadable.

    first: (m + 2,); its last pair bounds what follows the last string. cut: the text ends inside a string.
    """

    strings: list[str]
    numbers: Floats
    first: Ints
    cut: bool

    def before(self, string: int) -> list[float]:
        found: list[float] = self.numbers[self.first[string] : self.first[string + 1]].tolist()
        return found


def tokens(text: bytes) -> Tokens:
    """The tokens of a text in UTF-8: all at once, or one by one where there are comments, which may hold quotes."""
    raw = np.frombuffer(text + b" " * WIDTHS[-1], np.uint8)
    quotes = _places(raw, lambda piece: piece[:-1] == QUOTE)
    if b"!" in text and (np.searchsorted(quotes, np.flatnonzero(raw == COMMENT)) % 2 == 0).any():
        return one_by_one(text.decode("utf-8"))
    return _at_once(text, raw, quotes)


def one_by_one(text: str) -> Tokens:
    strings: list[str] = []
    numbers: list[float] = []
    first, cut = [0], False
    for token in _TOKEN.finditer(text):
        string, closed, _, word = token.groups()
        if string is not None:
            cut = not closed
            if closed:
                strings.append(string.replace('""', '"'))
                first.append(len(numbers))
        elif word is not None and word[0] in "+-.0123456789" and text[max(token.start() - 1, 0)] <= " ":
            numbers.append(_float(word))
    first.append(len(numbers))
    return Tokens(strings, np.array(numbers, np.float64), np.array(first, np.int64), cut)


def _at_once(text: bytes, raw: Bytes, quotes: Ints) -> Tokens:
    strings = _between(text, quotes)
    group = np.arange(len(quotes) // 2 + 1)  # which string comes next, by the pairs of quotes before
    doubled = np.flatnonzero(quotes[1:-1:2] + 1 == quotes[2::2])  # a quote inside a string is written twice
    if len(doubled):
        group -= np.searchsorted(doubled, group)
        strings = _joined(strings, frozenset(doubled.tolist()))
    cut = bool(len(quotes) % 2)
    if cut:
        strings = strings[:-1]
    at, pairs = _numbers_at(raw, quotes)
    first = np.searchsorted(group[pairs], np.arange(len(strings) + 2))
    return Tokens(strings, _floats(raw, at), first.astype(np.int64), cut)


def _between(text: bytes, quotes: Ints) -> list[str]:
    """What stands between each pair of quotes; the last one may have no partner."""
    begins = (quotes[::2] + 1).tolist()
    ends = [*quotes[1::2].tolist(), len(text)]
    if text.isascii():
        words = text.decode("ascii")
        return [words[begin:end] for begin, end in zip(begins, ends, strict=False)]
    return [text[begin:end].decode("utf-8") for begin, end in zip(begins, ends, strict=False)]


def _joined(strings: list[str], doubled: frozenset[int]) -> list[str]:
    """The strings, where each of `doubled` goes on in the next one after a quote."""
    joined: list[str] = []
    part: list[str] = []
    for at, string in enumerate(strings):
        part.append(string)
        if at not in doubled:
            joined.append('"'.join(part))
            part = []
    return joined


def _places(raw: Bytes, wanted: Callable[[Bytes], Bools]) -> Ints:
    """Where signs are `wanted`, told from them and from the one that follows each; the last sign of all never is."""
    starts = range(0, len(raw) - 1, _PIECE)
    return np.concatenate([np.flatnonzero(wanted(raw[at : at + _PIECE + 1])) + at for at in starts])


def _numbers_at(raw: Bytes, quotes: Ints) -> tuple[Ints, Ints]:
    """Where numbers begin outside of strings, and how many pairs of quotes stand before each."""
    at = 1 + _places(
        raw, lambda piece: (piece[:-1] <= SPACE) & (piece[1:] - np.uint8(ord("+")) <= ord("9") - ord("+"))
    )  # what is below + wraps round
    at = at[(raw[at] != ord(",")) & (raw[at] != ord("/"))]
    before = np.searchsorted(quotes, at)
    outside = before % 2 == 0
    return at[outside], before[outside] // 2


def _floats(raw: Bytes, at: Ints, widths: tuple[int, ...] = WIDTHS) -> Floats:
    """The number (n,) that begins at each place, NaN where it is none."""
    if not widths:
        return np.array([_float(_word(raw, place)) for place in at.tolist()], np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(raw, widths[0])[at]
    ends = windows <= SPACE
    ends |= windows == QUOTE
    width = np.argmax(ends, axis=1)
    wide = np.flatnonzero(width == 0)
    if widths[0] <= MOST_DIGITS + 1:  # one is no part of the number
        numbers, odd = _decimals(windows, width)
    else:
        numbers, odd = np.empty(len(at)), np.flatnonzero(width)
    odd = odd[width[odd] > 0]
    words = np.where(np.arange(widths[0]) < width[odd, None], windows[odd], np.uint8(0))
    numbers[odd] = _converted(words.view(f"S{widths[0]}").ravel())
    if len(wide):
        numbers[wide] = _floats(raw, at[wide], widths[1:])
    return numbers


def _decimals(windows: Bytes, width: Ints) -> tuple[Floats, Ints]:
    """Numbers such as 12.34 by their digits, and which rows (n,) are written otherwise.

    A whole number below 2**53 by a power of ten is rounded once, as Python reads it.
    """
    count = len(windows)
    whole, dot, others = np.zeros(count, np.int64), np.full(count, -1), np.zeros(count, np.bool_)
    for column, signs in enumerate(np.ascontiguousarray(windows.T[: width.max(initial=0)])):
        inside = column < width
        digit = signs - np.uint8(ord("0"))
        is_digit = (digit <= 9) & inside
        np.multiply(whole, 10, out=whole, where=is_digit)
        np.add(whole, digit, out=whole, where=is_digit)
        is_dot = (signs == ord(".")) & inside & (dot < 0)
        dot[is_dot] = column
        others |= inside & ~is_digit & ~is_dot
    others |= (width == 0) | ((dot == 0) & (width == 1))
    after = np.where(dot < 0, 0, width - 1 - dot)
    return whole / POWERS[after], np.flatnonzero(others)


def _converted(words: npt.NDArray[np.bytes_]) -> Floats:
    if not (words.view(np.uint8) == UNDERSCORE).any():  # which Python has in numbers
        try:
            numbers = words.astype(np.float64)
            numbers[~np.isfinite(numbers)] = np.nan
            return numbers
        except ValueError:
            pass  # one of them is no number, so each is looked at
    return np.array([_float(word.decode("utf-8", "replace")) for word in words.tolist()], np.float64)


def _word(raw: Bytes, at: int) -> str:
    found = _TOKEN.match(raw[at : at + LONGEST_NUMBER].tobytes().decode("utf-8", "replace"))
    return found[0] if found else ""


def _float(word: str) -> float:
    """NaN for what is no number, or has no place among floats."""
    number = float(word) if len(word) < LONGEST_NUMBER and _NUMBER.fullmatch(word) else np.nan
    return number if np.isfinite(number) else np.nan
