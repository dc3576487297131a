"""Sounds one after another: pairs, chains that hold together, the runs of each party in them, and conversations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.events import Bools, Ints
from attunement.moments.tracks import ADULT_SOUND, APART_MS, CHILD_SOUND, OTHER_SOUND, SOUND, Marks, Tracks

CHILD, ADULT, OTHER = CHILD_SOUND, ADULT_SOUND, OTHER_SOUND  # bits, so that a change of party is an exclusive or
_FAR, _QUIET = 1, 2  # beside them: far from the last sound's end; from the last end of all sounds so far


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """The sounds of a block that can take a turn, one row each (n,), by onset; party: CHILD, ADULT or OTHER.

    start, end: from the beginning of the sound's session. borders: (sessions + 1,) the first row of each session.
    """

    start: Ints
    end: Ints
    party: Marks
    borders: Ints

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True, eq=False)
class Talk:
    """per_session: (sessions, 3) pairs, turns, conversations.

    runs: the sounds that begin a run. begun: (c,) the second run of each conversation. changes: (c,) from run to run in it.
    in_order: no sound outlasts a later one. From these the rest is found when somebody asks for it.
    """

    per_session: Ints
    sounds: Sounds
    runs: Ints
    begun: Ints
    changes: Ints
    in_order: bool

    @property
    def turns(self) -> Ints:
        """(c,) of each conversation, floor(runs / 2)."""
        return self.changes + 1 >> 1

    @property
    def opened_by_child(self) -> Bools:
        """(c,)"""
        return np.asarray(self.sounds.party.take(self._first) == CHILD)

    @property
    def length_ms(self) -> Ints:
        """(c,) from the first onset of each conversation to its last end."""
        first, end = self._first, self.sounds.end
        after = np.append(self.runs, len(self.sounds)).take(self.begun + self.changes)
        if self.in_order or not len(first):
            last = end.take(after - 1)
        else:
            last = np.maximum.reduceat(np.append(end, 0), np.stack([first, after], axis=1).ravel())[::2]
        return last - self.sounds.start.take(first)

    @property
    def _first(self) -> Ints:
        return self.runs.take(self.begun - 1)


def sounds_of(tracks: Tracks) -> Sounds:
    party = tracks.bits & np.uint8(SOUND)
    is_sound = party != 0
    if is_sound.all():
        return Sounds(tracks.own_start, tracks.own_end, party, tracks.borders)
    row = np.flatnonzero(is_sound)
    return Sounds(
        tracks.own_start.take(row), tracks.own_end.take(row), party.take(row), np.searchsorted(row, tracks.borders)
    )


def parties_of(sounds: Sounds) -> Marks:
    """(sessions,) whose sounds there are, as bits."""
    first, after = sounds.borders[:-1], sounds.borders[1:]
    found = np.bitwise_or.reduceat(np.append(sounds.party, np.uint8(0)), first)
    found[first == after] = 0
    return found


def talk(sounds: Sounds, *, gap_ms: int) -> Talk:
    """Pairs: a child's and an adult's sound one after the other, less than `gap_ms` from end to onset (overlap counts too).

    A chain of sounds ends where nobody makes a sound for `gap_ms` or more, and where somebody else does. Neighbouring sounds
    of one party are one run, and every second run closes a turn (LENA's rule, Gilkerson et al. 2017). A chain with a turn is
    a conversation; its length is from first onset to last end.
    """
    mark, breaks = _marks(sounds, gap_ms)
    runs = np.flatnonzero((mark & (SOUND | breaks)) != 0)
    mark = mark.take(runs)
    change = np.flatnonzero((mark & (OTHER | breaks)) == 0)  # the runs with which a chain goes on
    first = np.flatnonzero(np.append(True, change[1:] - change[:-1] != 1)[: len(change)])
    begun, changes = change.take(first), np.append(first[1:], len(change))[: len(first)] - first
    pair = change if breaks == _FAR else change[(mark.take(change) & _FAR) == 0]
    border = runs.searchsorted(sounds.borders)
    border, paired = begun.searchsorted(border), pair.searchsorted(border)
    each = np.empty((len(border) - 1, 3), np.int64)
    each[:, 0], each[:, 2] = paired[1:] - paired[:-1], border[1:] - border[:-1]
    each[:, 1] = np.add.reduceat(np.append(changes + 1 >> 1, 0), border[:-1])
    each[each[:, 2] == 0, 1] = 0
    return Talk(each, sounds, runs, begun, changes, breaks == _FAR)


def _marks(sounds: Sounds, gap_ms: int) -> tuple[Marks, int]:
    """(n,) what changes with each sound: its party's and the last one's bits, where they differ, _FAR and _QUIET; and which
    of these two breaks a chain. They are the same, and only _FAR is marked, unless some sound outlasts a later one."""
    start, end, party = sounds.start, sounds.end, sounds.party
    mark, opens = np.empty(len(sounds), np.uint8), sounds.borders[:-1]
    opens = opens[opens < sounds.borders[1:]]
    later = mark[1:]
    np.bitwise_xor(party[1:], party[:-1], out=later)
    later |= (start[1:] - end[:-1] >= gap_ms).view(np.uint8)
    sooner = end[1:] < end[:-1]
    sooner[opens[1:] - 1] = False
    outlasted = bool(sooner.any())
    if outlasted:
        later |= (start[1:] - _last_so_far(sounds)[:-1] >= gap_ms).view(np.uint8) << np.uint8(1)
    mark[opens] = OTHER | _FAR | _QUIET
    return mark, _QUIET if outlasted else _FAR


def _last_so_far(sounds: Sounds) -> Ints:
    """(n,) the last end of all sounds of a session up to each."""
    many = np.diff(sounds.borders)
    apart = np.repeat(np.arange(len(many)) * APART_MS, many)
    return np.asarray(np.maximum.accumulate(sounds.end + apart) - apart)
