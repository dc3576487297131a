"""Two coders' events of one actor side by side: which of them are one and the same event."""

from __future__ import annotations

import numpy as np

from attunement.events import Ints

_Chain = tuple[int, int, int, "_Chain | None"]  # its worth; the last link; the chain before it


def align(first: Ints, first_code: Ints, second: Ints, second_code: Ints, *, tolerance_ms: int) -> tuple[Ints, Ints]:
    """The rows of both coders that belong together, (links,) each, in order.

    first, second: onsets in order. Events may be linked when their onsets are at most `tolerance_ms` apart; links do not
    cross, and an event has one at most. Of all such alignments, one with the most links of the same code, then with the
    most links, then with the least time between onsets. By dynamic programming, as in Bakeman, Quera & Gnisci 2009: chains
    of links grow along the first coder's events, the best so far kept in a tree by the second coder's.
    """
    fewer = min(len(first), len(second))
    one = fewer * tolerance_ms + 1  # a link is worth more than all time between onsets
    same = fewer * one + 1  # and the same code more than all links
    low = np.searchsorted(second, first - tolerance_ms, "left").tolist()
    high = np.searchsorted(second, first + tolerance_ms, "right").tolist()
    onset, other = first.tolist(), second.tolist()
    code, theirs = first_code.tolist(), second_code.tolist()
    best = _Best(len(second))
    for here, (begin, stop) in enumerate(zip(low, high, strict=True)):
        grown: list[_Chain] = []
        for there in range(begin, stop):
            before = best.upto(there)
            worth = one - abs(onset[here] - other[there]) + same * (code[here] == theirs[there])
            grown.append((worth + (before[0] if before else 0), here, there, before))
        for chain in grown:
            best.keep(chain)
    return _links(best.upto(len(second)))


class _Best:
    """The worthiest chain that ends before a place, for every place: a Fenwick tree of maxima."""

    def __init__(self, places: int) -> None:
        self._tree: list[_Chain | None] = [None] * (places + 1)

    def upto(self, place: int) -> _Chain | None:
        """Of the chains that end before `place`."""
        found: _Chain | None = None
        while place:
            chain = self._tree[place]
            if chain and (found is None or chain[0] > found[0]):
                found = chain
            place &= place - 1
        return found

    def keep(self, chain: _Chain) -> None:
        place = chain[2] + 1
        while place < len(self._tree):
            there = self._tree[place]
            if there is None or chain[0] > there[0]:
                self._tree[place] = chain
            place += place & -place


def _links(chain: _Chain | None) -> tuple[Ints, Ints]:
    links = []
    while chain:
        links.append(chain[1:3])
        chain = chain[3]
    both = np.array(links[::-1], np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
