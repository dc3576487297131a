"""Sounds that take turns: conversations of known length, with silences of known length between them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from attunement.clock import MINUTE, SECOND
from attunement.errors import WrongUse
from attunement.events import Ints
from attunement.schemes import Scheme
from attunement.simulate.simulated import (
    CAREGIVER,
    CHILD,
    Rows,
    Simulated,
    checked_size,
    laid_out,
    moments,
    place_in,
)  # fmt: skip
from attunement.simulate.waits import Lognormal, Wait


@dataclass(frozen=True, slots=True)
class Talk:
    """A way of talking; every default is ASSUMED, see docs/explanation/simulated-dyads.

    Child and caregiver make sounds in turn, who begins being a matter of luck. per_minute: conversations.
    goes_on: the chance that one more sound follows a sound, up to `most` in all. gap: from the end of a sound to the next
    one, below `gap_ms`; conversations are further apart than that.
    """

    per_minute: float = 0.5
    goes_on: float = 0.7
    most: int = 20
    sound_ms: tuple[int, int] = (300, 1_500)
    gap: Wait = field(default_factory=lambda: Lognormal(700, 0.7))
    gap_ms: int = 5 * SECOND


@dataclass(frozen=True, slots=True, eq=False)
class TalkTruth:
    """Parameters, and what they came to, (sessions,) each.

    pairs: sounds that follow one of the other's. turns: pairs of sounds in each conversation, a half one not counted.
    conversations: with a turn; a sound that nothing followed is none. sounds: all.
    """

    talk: Talk
    pairs: Ints
    turns: Ints
    conversations: Ints
    sounds: Ints


def talk(way: Talk, by: Scheme, *, sessions: int, length_ms: int, seed: int) -> Simulated[TalkTruth]:
    """`sessions` sessions of conversations. The same seed gives the same bytes. Raises WrongUse."""
    checked_size(sessions=sessions, length_ms=length_ms)
    if not 0 <= way.goes_on < 1:
        raise WrongUse(f"a conversation that goes on with {way.goes_on}", remedy="give a chance below 1")
    rng = np.random.default_rng(seed)
    room = way.most * (way.sound_ms[1] + way.gap_ms) + way.gap_ms
    counts = np.minimum(rng.poisson(way.per_minute * length_ms / MINUTE, sessions), length_ms // room)
    session, onset = moments(rng, counts, length_ms=length_ms - room, apart_ms=room)
    many = np.minimum(rng.geometric(1 - way.goes_on, len(onset)), way.most)
    parts = _sounds(rng, way, by, (session, onset, many))
    truth = TalkTruth(
        way, *(np.bincount(session, each, sessions).astype(np.int64) for each in (many - 1, many // 2, many > 1, many))
    )
    return Simulated(laid_out(parts, by, sessions=sessions, length_ms=length_ms), truth)


def _sounds(rng: np.random.Generator, way: Talk, by: Scheme, chats: tuple[Ints, Ints, Ints]) -> list[Rows]:
    session, onset, many = chats
    of = np.repeat(np.arange(len(onset)), many)
    length = rng.integers(way.sound_ms[0], way.sound_ms[1] + 1, len(of))
    gap = np.minimum(way.gap.draw(rng, len(of)), way.gap_ms - 1)
    passed = np.concatenate([np.zeros(1, np.int64), np.cumsum(length + gap)])
    start = onset[of] + passed[:-1] - passed[np.cumsum(many) - many][of]
    is_child = (place_in(many) + rng.integers(0, 2, len(onset))[of]) % 2 == 0
    parts = []
    for actor, hers, role in ((CHILD, is_child, by.by_role("child")), (CAREGIVER, ~is_child, by.by_role("caregiver"))):
        code = rng.choice(np.flatnonzero(by.is_sound & role), int(hers.sum()))
        parts.append(Rows(actor, session[of][hers], code, start[hers], (start + length)[hers]))
    return parts
