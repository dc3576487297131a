"""What a simulation gives: events, and the truth that they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from attunement.clock import LONGEST_MS
from attunement.errors import WrongUse
from attunement.events import Events, Ints
from attunement.schemes import Scheme

Floats = npt.NDArray[np.float64]
Truth = TypeVar("Truth")

ACTORS = ("child", "caregiver")
CHILD, CAREGIVER = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class Simulated(Generic[Truth]):
    """Made up from `truth`: no family is behind it."""

    events: Events
    truth: Truth


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Events of one actor in any order, (n,) each; code indexes the scheme's codes."""

    actor: int
    session: Ints
    code: Ints
    start: Ints
    end: Ints


def laid_out(parts: Sequence[Rows], by: Scheme, *, sessions: int, length_ms: int) -> Events:
    """The rows of all parts as sorted events of `sessions` sessions, each `length_ms` long and watched from end to end."""
    session = np.concatenate([part.session.astype(np.int32) for part in parts])
    code = np.concatenate([part.code.astype(np.int32) for part in parts])
    start = np.concatenate([part.start for part in parts])
    end = np.concatenate([part.end for part in parts])
    actor = np.repeat(np.array([part.actor for part in parts], np.int32), [len(part.start) for part in parts])
    order = _by_time(session * np.int64(LONGEST_MS) + start, end)
    lengths = np.full(sessions, length_ms, np.int64)
    return Events(
        session[order], actor[order], code[order], start[order], end[order],
        tuple(f"simulated {at}" for at in range(sessions)), ACTORS, by.ids, lengths, lengths.copy(),
    )  # fmt: skip


def _by_time(when: Ints, end: Ints) -> Ints:
    """A stable order by `when`, then by `end`: the same on every machine."""
    order = np.argsort(when, kind="stable")
    ordered = when[order]
    same = ordered[1:] == ordered[:-1]
    if same.any():
        tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        rows = order[tied]
        order[tied] = rows[np.lexsort((end[rows], when[rows]))]
    return order


def moments(rng: np.random.Generator, counts: Ints, *, length_ms: int, apart_ms: int = 0) -> tuple[Ints, Ints]:
    """Session (n,) and time (n,) of `counts` (sessions,) moments of each session at random, in order.

    Times are whole ms from 0 to below `length_ms`; neighbours are at least `apart_ms` from each other.
    """
    session = np.repeat(np.arange(len(counts)), counts)
    free = length_ms - apart_ms * np.maximum(counts - 1, 0)
    drawn = (rng.random(len(session)) * np.repeat(free, counts)).astype(np.int64)
    time = np.sort(session * LONGEST_MS + drawn) - session * LONGEST_MS
    if apart_ms:
        time += apart_ms * place_in(counts)
    return session, time


def place_in(counts: Ints) -> Ints:
    """0, 1, 2, ... for the rows of each session."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)


def checked_size(*, sessions: int, length_ms: int) -> None:
    if sessions < 1 or not 0 < length_ms <= LONGEST_MS:
        raise WrongUse(f"{sessions} sessions of {length_ms} ms", remedy="give at least one, of up to 48 hours")


def checked_shares(**shares: float) -> None:
    """Raises WrongUse unless each is from 0 to 1 and all together are no more than 1."""
    if min(shares.values()) < 0 or sum(shares.values()) > 1 + 1e-9:
        said = ", ".join(f"{name} {share}" for name, share in shares.items())
        raise WrongUse(f"shares {said}", remedy="give shares from 0 to 1 that are no more than 1 together")
