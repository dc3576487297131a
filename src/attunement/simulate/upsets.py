"""Upset episodes whose endings are known: together with a caregiver, alone, or not by the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.clock import MINUTE, SECOND
from attunement.errors import WrongUse
from attunement.events import Bools, Ints
from attunement.schemes import Function, Scheme
from attunement.simulate.simulated import (
    CAREGIVER,
    CHILD,
    Rows,
    Simulated,
    checked_shares,
    checked_size,
    laid_out,
    moments,
    place_in,
)  # fmt: skip

TOGETHER, ALONE, UNRESOLVED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Upsets:
    """A way of being upset and comforted; every default is ASSUMED, see docs/explanation/simulated-dyads.

    per_hour: episodes. together, alone: how many of them end so; the rest stay unresolved. more_cries: how many cries come
    after the first, on average (Poisson), `pause_ms` apart. calm_ms: quiet this long is calm; pauses are shorter, and
    episodes further apart. coded: each ending is written down as an outcome; without, an unresolved episode can only be a
    session's last one, still going on when the recording ends, and `alone` holds for the others.
    """

    per_hour: float = 6.0
    together: float = 0.5
    alone: float = 0.2
    more_cries: float = 3.0
    cry_ms: tuple[int, int] = (1_000, 8_000)
    pause_ms: tuple[int, int] = (500, 9_000)
    calm_ms: int = 10 * SECOND
    coded: bool = False


MOST_CRIES = 12  # in one episode; a longer one is cut, so that episodes have room


@dataclass(frozen=True, slots=True, eq=False)
class UpsetsTruth:
    """Parameters, and what they came to. endings: (sessions, 3) episodes that ended TOGETHER, ALONE, UNRESOLVED.

    to_comfort: (episodes with comfort,) ms from an episode's onset to the first comforting act.
    """

    upsets: Upsets
    endings: Ints
    to_comfort: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Episodes:
    session: Ints
    onset: Ints
    end: Ints
    ending: Ints


def upsets(way: Upsets, by: Scheme, *, sessions: int, length_ms: int, seed: int) -> Simulated[UpsetsTruth]:
    """`sessions` sessions of upset episodes. The same seed gives the same bytes. Raises WrongUse."""
    checked_size(sessions=sessions, length_ms=length_ms)
    checked_shares(together=way.together, alone=way.alone)
    if way.pause_ms[1] >= way.calm_ms:
        raise WrongUse(f"pauses of {way.pause_ms[1]} ms within {way.calm_ms} ms of calm", remedy="make them shorter")
    rng = np.random.default_rng(seed)
    found, cries = _episodes(rng, way, by, sessions, length_ms)
    comforted = found.ending == TOGETHER
    if way.coded:
        comforted |= (found.ending == UNRESOLVED) & (rng.random(len(found.ending)) < 0.5)
    acts, waited = _comfort(rng, by, found, comforted)
    endings = np.bincount(found.session * 3 + found.ending, minlength=3 * sessions).reshape(-1, 3)
    parts = [cries, acts] + ([_outcomes(by, found)] if way.coded else [])
    events = laid_out(parts, by, sessions=sessions, length_ms=length_ms)
    return Simulated(events, UpsetsTruth(way, endings, waited))


def _episodes(
    rng: np.random.Generator, way: Upsets, by: Scheme, sessions: int, length_ms: int
) -> tuple[_Episodes, Rows]:
    room = MOST_CRIES * (way.cry_ms[1] + way.pause_ms[1]) + way.calm_ms + 2
    counts = np.minimum(rng.poisson(way.per_hour * length_ms / (60 * MINUTE), sessions), length_ms // room)
    session, onset = moments(rng, counts, length_ms=length_ms - room, apart_ms=room)
    cries = np.minimum(1 + rng.poisson(way.more_cries, len(onset)), MOST_CRIES)
    last = np.append(session[1:] != session[:-1], True)
    luck = rng.random(len(onset))
    ending = np.where(luck < way.together, TOGETHER, np.where(luck < way.together + way.alone, ALONE, UNRESOLVED))
    if not way.coded:
        ending[(ending == UNRESOLVED) & ~last] = ALONE
    of = np.repeat(np.arange(len(onset)), cries)
    cry = rng.integers(way.cry_ms[0], way.cry_ms[1] + 1, len(of))
    pause = rng.integers(way.pause_ms[0], way.pause_ms[1] + 1, len(of))
    ends = np.cumsum(cry + pause) - pause
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(cry + pause)])[np.cumsum(cries) - cries]
    end = ends - before[of] + onset[of]
    begin = end - cry
    final = place_in(cries) == np.repeat(cries, cries) - 1
    goes_on = final & (ending[of] == UNRESOLVED) & last[of] & (not way.coded)
    end[goes_on] = length_ms
    code = rng.choice(np.flatnonzero(by.is_signal & by.is_upset & by.with_function(Function.COMFORT)), len(of))
    return _Episodes(session, onset, end[final], ending), Rows(CHILD, session[of], code, begin, end)


def _comfort(rng: np.random.Generator, by: Scheme, found: _Episodes, comforted: Bools) -> tuple[Rows, Ints]:
    """One comforting act in each comforted episode, between its onset and the end of its last cry; and the wait for it."""
    row = np.flatnonzero(comforted)
    onset, end = found.onset[row], found.end[row]
    begins = onset + 1 + (rng.random(len(row)) * (end - onset)).astype(np.int64)
    code = rng.choice(_fits_every_upset(by), len(row))
    return Rows(CAREGIVER, found.session[row], code, begins, begins + 1), begins - onset


def _fits_every_upset(by: Scheme) -> Ints:
    return np.flatnonzero(by.is_act & by.fits[by.is_signal & by.is_upset].all(axis=0))


def _outcomes(by: Scheme, found: _Episodes) -> Rows:
    """Each ending, written down as its episode's last cry ends."""
    named = (by.endings.settled_together, by.endings.settled_alone, by.endings.unresolved)
    if not all(named):
        raise WrongUse(f"“{by.name}” has no codes for how an upset ended", remedy="simulate without coded outcomes")
    codes = np.array([by.at[min(ids)] for ids in named])
    return Rows(CAREGIVER, found.session, codes[found.ending], found.end, found.end)
