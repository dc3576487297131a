"""Acts that are likelier soon after a signal, by a known odds ratio: the truth of a 2 x 2 table of time units."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from attunement.clock import SECOND
from attunement.errors import WrongUse
from attunement.events import Ints
from attunement.schemes import Function, Scheme
from attunement.simulate.simulated import CAREGIVER, CHILD, Rows, Simulated, checked_shares, checked_size, laid_out


@dataclass(frozen=True, slots=True)
class Paced:
    """Time in units of `unit_ms`. In each unit a signal (a point, at the unit's first ms) comes with the chance `signal`.

    The unit of a signal and the next ones, `near_units` in all, are near; an act begins in a near unit with the chance
    `near`, in any other with `far`, each unit by itself, and after the unit's first ms. `near` = `far`: not contingent.
    """

    signal: float = 0.05
    near: float = 0.10
    far: float = 0.10
    near_units: int = 5
    unit_ms: int = SECOND

    @property
    def log_odds(self) -> float:
        return log(self.near / (1 - self.near)) - log(self.far / (1 - self.far))


@dataclass(frozen=True, slots=True, eq=False)
class PacedTruth:
    """Parameters, and what they came to. tables: (sessions, 4) units near with act, near without, far with, far without."""

    paced: Paced
    tables: Ints


def paced(way: Paced, by: Scheme, *, sessions: int, units: int, seed: int) -> Simulated[PacedTruth]:
    """`sessions` sessions of `units` units each. The same seed gives the same bytes. Raises WrongUse."""
    checked_size(sessions=sessions, length_ms=units * way.unit_ms)
    for chance in (way.signal, way.near, way.far):
        checked_shares(chance=chance)
    rng = np.random.default_rng(seed)
    signals = rng.random((sessions, units)) < way.signal
    near = signals.copy()
    for later in range(1, way.near_units):
        near[:, later:] |= signals[:, :-later]
    acts = rng.random((sessions, units)) < np.where(near, way.near, way.far)
    calls, answers = _codes(by)
    session, unit = np.nonzero(signals)
    begins = unit * way.unit_ms
    rows = Rows(CHILD, session, rng.choice(calls, len(session)), begins, begins)
    acting, unit = np.nonzero(acts)
    begins = unit * way.unit_ms + rng.integers(1, way.unit_ms, len(unit))
    parts = [rows, Rows(CAREGIVER, acting, rng.choice(answers, len(acting)), begins, begins)]
    tables = np.stack(
        [(near & acts).sum(1), (near & ~acts).sum(1), (~near & acts).sum(1), (~near & ~acts).sum(1)], axis=1
    )
    length = units * way.unit_ms
    return Simulated(laid_out(parts, by, sessions=sessions, length_ms=length), PacedTruth(way, tables))


def _codes(by: Scheme) -> tuple[Ints, Ints]:
    """Signals that ask to connect, and acts that fit each of them."""
    calls = by.is_signal & by.with_function(Function.CONNECT) & ~by.is_upset
    answers = by.is_act & by.fits[calls].all(axis=0)
    if not calls.any() or not answers.any():
        raise WrongUse(f"“{by.name}” has no signals that ask to connect", remedy="use another scheme")
    return np.flatnonzero(calls), np.flatnonzero(answers)
