"""Turns: child and adult sounds one after another, conversations, and what accident alone would give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from attunement.events import Bools, Events, Ints
from attunement.measures.rules import TURN_GAP_MS
from attunement.moments.sounds import ADULT, CHILD, Sounds, Talk, parties_of, sounds_of, talk
from attunement.moments.tracks import Marks, Tracks, checked_window, tracks
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


@dataclass(frozen=True, eq=False)  # what it says of conversations is worked out once, and only when it is asked for
class Turns:
    """Turns of all sessions together, and of each.

    per_session: (sessions, 3) pairs, LENA-like count, conversations. sounds_each: (sessions,) sounds; parties_each:
    (sessions,) whose, as bits. turns, length_ms, opened_by_child: (c,) of each conversation. sounds: how many there are.
    Unless both child and adults have some, every count below is None: a silent partner is not told from one nobody coded.
    """

    per_session: Ints
    sounds_each: Ints
    parties_each: Marks
    gap_ms: int
    observed_ms: int
    talks: tuple[Talk, ...]
    chance: Chance | None = None
    lena_count: int | None = None  # only LENA's own files allow its exact rule

    @cached_property
    def turns(self) -> Ints:
        return np.concatenate([np.empty(0, np.int64), *(talk.turns for talk in self.talks)])

    @cached_property
    def length_ms(self) -> Ints:
        return np.concatenate([np.empty(0, np.int64), *(talk.length_ms for talk in self.talks)])

    @cached_property
    def opened_by_child(self) -> npt.NDArray[np.bool_]:
        return np.concatenate([np.empty(0, np.bool_), *(talk.opened_by_child for talk in self.talks)])

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
        return int(self.per_session[:, column].sum()) if both(np.bitwise_or.reduce(self.parties_each)) else None


def both(parties: Marks) -> Bools:
    """(sessions,) where child and adults have sounds; parties: whose sounds there are, as bits."""
    return np.asarray(parties & (CHILD | ADULT) == CHILD | ADULT)


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
            total += talk(turned, gap_ms=gap_ms).per_session.sum(axis=0)
    mean = total / rotations
    return Chance(float(mean[0]), float(mean[1]), float(mean[2]), rotations)


def count_turns(block: Tracks, gap_ms: int) -> Talk:
    """The turns of one block."""
    return talk(sounds_of(block), gap_ms=gap_ms)


def join_turns(events: Events, gap_ms: int, parts: Iterable[Talk]) -> Turns:
    """The blocks of `events`, in order, as one result."""
    talks = tuple(parts)
    per_session = [np.zeros((0, 3), np.int64), *(part.per_session for part in talks)]
    sounds_each = [np.empty(0, np.int64), *(np.diff(part.sounds.borders) for part in talks)]
    parties_each = [np.empty(0, np.uint8), *(parties_of(part.sounds) for part in talks)]
    return Turns(
        np.concatenate(per_session), np.concatenate(sounds_each), np.concatenate(parties_each), gap_ms,
        int(events.observed_ms.sum()), talks,
    )  # fmt: skip


def _rotations(sounds: Sounds, block: Tracks, rotations: int) -> Iterator[Sounds]:
    many = np.diff(sounds.borders)
    around = np.repeat(np.maximum(block.lengths, 1), many)
    session = np.repeat(np.arange(block.sessions), many)
    adult = sounds.party == ADULT
    for turn in range(1, rotations + 1):
        shift = (around * ((turn * _GOLDEN) % 1)).astype(np.int64)
        start = np.where(adult, (sounds.start + shift) % around, sounds.start)
        end = start + sounds.end - sounds.start
        order = np.lexsort((end, start, session))
        yield Sounds(start[order], end[order], sounds.party[order], sounds.borders)
