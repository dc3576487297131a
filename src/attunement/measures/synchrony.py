"""Synchrony: do child and caregivers move together from second to second, and who goes first?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from attunement.clock import SECOND
from attunement.errors import WrongUse
from attunement.events import Events, Ints
from attunement.measures.contingency import PERMUTATIONS
from attunement.measures.rules import FEWEST, STEP_MS
from attunement.moments.feeling import series
from attunement.moments.tracks import checked_window, tracks
from attunement.moments.units import units_of
from attunement.schemes import Scheme
from attunement.stats.shifts import p_value, products

STRETCH_MS = 30 * SECOND  # slow drifts, such as a long cry, then move no correlation
LAG_MS = 5 * SECOND  # as far as a reply reaches

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Synchrony:
    """correlation: (lags,) within windows, for each of lag_ms: (lags,); above zero the caregivers come after the child.

    windows: whole windows in which both series move, of all sessions. p: rotations whose largest correlation at any of the
    lags is at least as large. With fewer than FEWEST windows every answer is None.
    """

    lag_ms: Ints
    correlation: Floats
    windows: int
    p: float | None
    window_ms: int
    unit_ms: int
    permutations: int
    seed: int
    observed_ms: int

    @property
    def told(self) -> bool:
        return self.windows >= FEWEST and bool(np.isfinite(self.correlation).all())

    @property
    def peak(self) -> float | None:
        """The largest correlation at any of the lags, from -1 to 1."""
        return float(self.correlation.max()) if self.told else None

    @property
    def peak_ms(self) -> int | None:
        """The lag of the largest correlation; of equals, the one nearest to zero."""
        if not self.told:
            return None
        best = np.flatnonzero(self.correlation >= self.correlation.max() - 1e-12)
        return int(self.lag_ms[best[np.argmin(np.abs(self.lag_ms[best]))]])

    @property
    def leads(self) -> Literal["child", "caregiver", "together"] | None:
        if self.peak_ms is None:
            return None
        return "child" if self.peak_ms > 0 else "caregiver" if self.peak_ms < 0 else "together"


def synchrony(
    events: Events,
    scheme: Scheme,
    *,
    window_ms: int = STRETCH_MS,
    unit_ms: int = STEP_MS,
    lag_ms: int = LAG_MS,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Synchrony:
    """Windowed lagged cross-correlation of the two signed series of moments.feeling, up to `lag_ms` both ways.

    Windows of `window_ms` follow each other without overlap; what is left at a session's end is not used. At each lag,
    each series is taken about its mean in the window (the caregivers' window moved by the lag, round the circle of the
    session), and r = sum over windows of the products / sqrt(sum of the child's squares x sum of the caregivers'). After
    Boker et al. 2002, pooled over windows. Surrogates rotate the caregivers' series by a random number of units; p counts
    those whose largest r at any lag is as large. Raises WrongUse.
    """
    checked_window(unit_ms, "unit")
    checked_window(window_ms)
    wide, far = window_ms // unit_ms, lag_ms // unit_ms
    if wide < 3 or far < 0:
        raise WrongUse(f"windows of {wide} units and lags of {far}", remedy="give windows of three units or more")
    lags = np.arange(-far, far + 1)
    sums, chosen = _Sums(len(lags), permutations), np.random.default_rng(seed)
    for block in tracks(events, scheme):
        units = units_of(block, unit_ms)
        child, caregiver = series(block, units)
        for session in range(block.sessions):
            span = units.span(session)
            sums.add(_Session(child[span], caregiver[span], wide), lags, chosen)
    found, turned = sums.correlations()
    result = Synchrony(
        lags * unit_ms, found, sums.windows, None, window_ms, unit_ms, permutations, seed, int(events.observed_ms.sum())
    )
    return result if result.peak is None else replace(result, p=p_value(result.peak, turned.max(axis=1, initial=-1)))


class _Session:
    """One session: what the correlation needs, for every shift of the caregivers' series round the circle at once."""

    def __init__(self, child: Ints, caregiver: Ints, wide: int) -> None:
        windows = len(child) // wide
        self.many = windows * wide
        mine = child[: self.many].reshape(windows, wide).astype(np.float64)
        mine = (mine - mine.mean(axis=1, keepdims=True)) if windows else mine
        theirs = caregiver[: self.many].astype(np.float64)
        moves = np.ptp(theirs.reshape(windows, wide), axis=1) > 0
        self.windows = int(np.count_nonzero((mine != 0).any(axis=1) & moves))
        self._child = float((mine**2).sum())
        self._theirs, self._mine, self._wide = theirs, mine.ravel(), wide

    def sums(self, shifts: Ints) -> Floats:
        """(3, ...) for shifts (...): sum of products, child's squares, caregivers' squares, each about the window's mean."""
        shared = products(self._theirs, self._mine)
        running = np.cumsum(np.concatenate([[0.0], self._theirs, self._theirs[: self._wide]]))
        of_window = running[self._wide : self._wide + self.many] - running[: self.many]
        squares = (of_window.reshape(-1, self._wide) ** 2).sum(axis=0) / self._wide
        theirs = (self._theirs**2).sum() - squares.take(shifts % self._wide)
        return np.stack([shared.take(shifts % self.many), np.full(shifts.shape, self._child), theirs])


class _Sums:
    """Sums over sessions, (3, lags) as they are and (3, rotations, lags) with the caregivers' series rotated."""

    def __init__(self, lags: int, permutations: int) -> None:
        self.windows = 0
        self._plain, self._turned = np.zeros((3, lags)), np.zeros((3, permutations, lags))

    def add(self, session: _Session, lags: Ints, chosen: np.random.Generator) -> None:
        if session.windows:
            turns = chosen.integers(0, session.many, self._turned.shape[1])
            self.windows += session.windows
            self._plain += session.sums(lags)
            self._turned += session.sums(turns[:, None] + lags)

    def correlations(self) -> tuple[Floats, Floats]:
        return _correlation(self._plain), np.nan_to_num(_correlation(self._turned), nan=-1.0)


def _correlation(sums: Floats) -> Floats:
    below = sums[1] * sums[2]
    found = np.full(below.shape, np.nan)
    np.divide(sums[0], np.sqrt(np.maximum(below, 0)), out=found, where=below > 1e-9)
    return found
