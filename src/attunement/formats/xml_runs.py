"""Runs of plain elements taken out of an XML text by regular expressions; what is left is small, and is parsed.

Nothing is trusted: an element that differs in one sign from the plain ones stays in the text, and where the text
holds what could hide a tag or rename it, nothing is taken out. So the parser meets every doubt, and a regular
expression only what leaves none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from attunement.errors import NotReadable

T = TypeVar("T")

# What stands between quotes, and between tags, and means itself there.
QUOTED = r'"([^"<&\x00-\x1f\ufffe\uffff]*+)"'
BETWEEN = r"([^<&\]\x00-\x08\x0b-\x1f\ufffe\uffff]*+(?:\](?!\]>)[^<&\]\x00-\x08\x0b-\x1f\ufffe\uffff]*+)*+)"
GAP = r"[ \t\n]"
MARK = "run-of-"  # an element of this name, and of the kind's, stands where a run was

_HIDES = re.compile(r"<!|(?!\A)<\?|\bxmlns\s*=")  # comments and sections, instructions, names that mean other ones
_PIECE = 2**20

Columns = tuple[Sequence[str | None], ...]
Plain = Mapping[str, re.Pattern[str]]  # by the name of a kind what its plain elements look like, from tag to tag


class Runs:
    """What was taken out: for each run a column for each group of its regular expression, None where that has no part."""

    def __init__(self) -> None:
        self._columns: list[Columns] = []

    def take(self, number: str) -> Columns:
        """The columns of the run whose mark has this number; they can be had once, as they take much room."""
        columns, self._columns[int(number)] = self._columns[int(number)], ()
        return columns

    def marks(self, *kinds: str) -> list[str]:
        """The tags that stand where runs of these kinds were; none where nothing was taken out."""
        return [MARK + kind for kind in kinds if self._columns]

    def left(self) -> Iterator[Columns]:
        """The columns of runs that nobody took, for what has to be looked at even there."""
        return filter(None, self._columns)

    def rest(self, text: bytes, plain: Plain) -> bytes:
        """The text with a mark in the place of each run, or nothing where a run may be something else."""
        rest = "".join(self._without_runs(piece, plain) for piece in _pieces(text))
        return b"" if _HIDES.search(rest) or rest.count(f"<{MARK}") != len(self._columns) else rest.encode()

    def _without_runs(self, text: str, plain: Plain) -> str:
        for kind, pattern in plain.items():
            text = "".join(self._between(pattern.split(text), pattern.groups + 1, kind))
        return text

    def _between(self, parts: list[str], width: int, kind: str) -> Iterator[str]:
        """What stands before, between and after the elements; a run ends where that is more than white space."""
        gaps = parts[::width]
        blank = {gap for gap in set(gaps) if not gap or gap.isspace()}
        borders = [at for at, gap in enumerate(gaps[1:-1], 1) if gap not in blank]
        yield gaps[0]
        for first, last in pairwise([0, *borders, len(gaps) - 1]):
            if last > first:
                columns = (parts[first * width + group : last * width : width] for group in range(1, width))
                self._columns.append(tuple(columns))
                yield f'<{MARK}{kind} n="{len(self._columns) - 1}"/>{gaps[last]}'


def parsed(text: bytes, plain: Plain, parse: Callable[[bytes, Runs], T]) -> T:
    """What `parse` makes of the text without its plain runs; where that is not readable, of the whole text."""
    runs = Runs()
    if rest := runs.rest(text, plain):
        try:
            return parse(rest, runs)
        except NotReadable:
            pass  # it is said below, with its line in the whole file
    return parse(text, Runs())


def _pieces(text: bytes) -> Iterator[str]:
    begin = 0
    while begin < len(text):
        end = text.rfind(b"<", begin + 1, begin + _PIECE) if len(text) - begin > _PIECE else -1
        piece = text[begin : end if end > 0 else len(text)]
        begin += len(piece)
        if b"\r" in piece:
            piece = piece.replace(b"\r\n", b"\n")  # as a parser reads it
        yield piece.decode("utf-8")
