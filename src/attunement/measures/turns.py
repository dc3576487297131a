"""Turns: child and adult sounds one after another, conversations, and what accident alone would give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attunement.events import Events, Ints
from attunement.measures.rules import TURN_GAP_MS
from attunement.moments.sounds import ADULT, CHILD, Chains, Sounds, chains, pairs, sounds_of
from attunement.moments.tracks import Tracks, checked_window, tracks
from attunement.schemes import Scheme

ROTATIONS = 100  # for the chance level: its standard error is then a tenth of the spread between rotations
_GOLDEN = 0.6180339887498949  # multiples of it, modulo 1, spread evenly over the circle for any number of rotations


@dataclass(frozen=True, slots=True)
class Chance:
    """What accident gives: the mean over rotations of the adults' sounds, rhythm and all, against the child's."""

    pairs: float
    lena_like_count: float
    conversations: float
    rotations: int


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Turns of all sessions together, and of each.

    per_session: (sessions, 3) pairs, LENA-like count, conversations. sounds_each: (sessions,) sounds. turns, length_ms,
    opened_by_child: (c,) of each conversation. sounds: how many sounds there are; with none, every count below is None.
    """

    per_session: Ints
    turns: Ints
    length_ms: Ints
    opened_by_child: npt.NDArray[np.bool_]
    sounds_each: Ints
    gap_ms: int
    observed_ms: int
    chance: Chance | None = None
    lena_count: int | None = None  # only LENA's own files allow its exact rule

    @property
    def sounds(self) -> int:
        return int(self.sounds_each.sum())

    @property
    def pairs(self) -> int | None:
        return self._total(0)

    @property
    def lena_like_count(self) -> int | None:
        return self._total(1)

    @property
    def conversations(self) -> int | None:
        return self._total(2)

    def _total(self, column: int) -> int | None:
        return int(self.per_session[:, column].sum()) if self.sounds else None


def turns(events: Events, scheme: Scheme, *, gap_ms: int = TURN_GAP_MS) -> Turns:
    """Turns among the sounds of `scheme` (no cries), times in ms; without the chance level, see `turns_by_chance`.

    pairs: a sound of the child and one of an adult that follow each other, by onset, with nobody between, the second
    beginning less than `gap_ms` after the first one's end; overlap counts.
    lena_like_count: chains of sounds end where all are silent for `gap_ms` or somebody else makes a sound; neighbouring
    sounds of one party are a run; each chain counts floor(runs / 2). A chain with a turn is a conversation.
    """
    checked_window(gap_ms, "gap")
    return join_turns(events, gap_ms, [count_turns(block, gap_ms) for block in tracks(events, scheme)])


def turns_by_chance(
    events: Events, scheme: Scheme, *, gap_ms: int = TURN_GAP_MS, rotations: int = ROTATIONS
) -> Chance | None:
    """The same counts when the adults' sounds are turned round the circle of their session; None without rotations.

    Rotation k is by the share (k x golden ratio) mod 1 of the session, so the answer is the same each time.
    """
    if rotations < 1:
        return None
    total = np.zeros(3)
    for block in tracks(events, scheme):
        for turned in _rotations(sounds_of(block), block, rotations):
            total += _counts(turned, chains(turned, gap_ms=gap_ms), block.sessions, gap_ms).sum(axis=0)
    mean = total / rotations
    return Chance(float(mean[0]), float(mean[1]), float(mean[2]), rotations)


def count_turns(block: Tracks, gap_ms: int) -> Turns:
    """The turns of one block."""
    sounds = sounds_of(block)
    linked = chains(sounds, gap_ms=gap_ms)
    talks = np.flatnonzero(linked.turns)
    return Turns(
        _counts(sounds, linked, block.sessions, gap_ms),
        linked.turns.take(talks), linked.length.take(talks), linked.opener.take(talks) == CHILD,
        np.bincount(sounds.session, minlength=block.sessions), gap_ms, int(block.observed_ms.sum()),
    )  # fmt: skip


def join_turns(events: Events, gap_ms: int, parts: Iterable[Turns]) -> Turns:
    """The blocks of `events`, in order, as one result."""
    parts = list(parts)
    none = np.empty(0, np.int64)
    return Turns(
        np.concatenate([np.zeros((0, 3), np.int64), *(part.per_session for part in parts)]),
        np.concatenate([none, *(part.turns for part in parts)]),
        np.concatenate([none, *(part.length_ms for part in parts)]),
        np.concatenate([none > 0, *(part.opened_by_child for part in parts)]),
        np.concatenate([none, *(part.sounds_each for part in parts)]), gap_ms, int(events.observed_ms.sum()),
    )  # fmt: skip


def _counts(sounds: Sounds, linked: Chains, sessions: int, gap_ms: int) -> Ints:
    """(sessions, 3) pairs, LENA-like count, conversations."""
    paired = sounds.session.take(np.flatnonzero(pairs(sounds, gap_ms=gap_ms)))
    talks = np.flatnonzero(linked.turns)
    of, many = linked.session.take(talks), linked.turns.take(talks)
    columns = [
        np.bincount(paired, minlength=sessions),
        np.bincount(of, many, sessions),
        np.bincount(of, minlength=sessions),
    ]
    return np.stack(columns, axis=1).astype(np.int64)


def _rotations(sounds: Sounds, block: Tracks, rotations: int) -> Iterator[Sounds]:
    opens = block.opens[sounds.session]
    around = np.maximum(block.finish - block.opens, 1)[sounds.session]
    adult = sounds.party == ADULT
    for turn in range(1, rotations + 1):
        shift = (around * ((turn * _GOLDEN) % 1)).astype(np.int64)
        start = np.where(adult, opens + (sounds.start - opens + shift) % around, sounds.start)
        end = start + sounds.end - sounds.start
        order = np.lexsort((end, start))
        yield Sounds(sounds.session[order], start[order], end[order], sounds.party[order])
