"""Sounds one after another: chains that hold together, the runs of each party in them, and conversations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.events import Bools, Ints
from attunement.moments.tracks import ADULT_SOUND, CHILD_SOUND, SOUND, Marks, Tracks

CHILD, ADULT, OTHER = 0, 1, 2  # exclusive or tells a child's next to an adult's from all other neighbours
_PARTY = np.array([CHILD if b & CHILD_SOUND else ADULT if b & ADULT_SOUND else OTHER for b in range(256)], np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """The sounds of a block that can take a turn, one row each (n,), by onset; party: CHILD, ADULT or OTHER."""

    session: Ints
    start: Ints
    end: Ints
    party: Marks

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """Sounds of child and adults that hold together, one row a chain (c,).

    turns: pairs of runs in it, floor(runs / 2). opener: the party that began. length: from first onset to last end, ms.
    """

    session: Ints
    turns: Ints
    opener: Marks
    length: Ints


def sounds_of(tracks: Tracks) -> Sounds:
    row, session = tracks.rows(SOUND)
    return Sounds(session, tracks.start.take(row), tracks.end.take(row), _PARTY.take(tracks.bits.take(row)))


def pairs(sounds: Sounds, *, gap_ms: int) -> Bools:
    """(n - 1,) whether a sound and the next one are child and adult, less than `gap_ms` apart (overlap counts too)."""
    party, start, end = sounds.party, sounds.start, sounds.end
    both: Bools = (party[1:] ^ party[:-1]) == CHILD ^ ADULT
    return both & (start[1:] - end[:-1] < gap_ms)


def chains(sounds: Sounds, *, gap_ms: int) -> Chains:
    """A chain ends where nobody makes a sound for `gap_ms` or more, and where somebody else does.

    Neighbouring sounds of one party are one run, and every second run closes a turn (LENA's rule, Gilkerson et al. 2017).
    """
    session, start, end, party = sounds.session, sounds.start, sounds.end, sounds.party
    if not len(sounds):
        return Chains(session, start, party, start)
    breaks = np.ones(len(sounds), np.bool_)
    breaks[1:] = start[1:] - np.maximum.accumulate(end)[:-1] >= gap_ms
    other = party == OTHER
    breaks |= other
    breaks[1:] |= other[:-1]
    first = np.flatnonzero(breaks)
    opener = party[first]
    opens = np.repeat(opener, np.diff(np.append(first, len(sounds))))
    closes_turn = party != opens
    closes_turn[1:] &= party[1:] != party[:-1]
    turns = np.diff(np.searchsorted(np.flatnonzero(closes_turn), np.append(first, len(sounds))))
    own = opener != OTHER
    length = np.maximum.reduceat(end, first) - start[first]
    return Chains(session[first][own], turns[own], opener[own], length[own])
