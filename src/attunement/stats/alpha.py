"""Krippendorff's alpha: agreement of any number of coders, on any level of measurement, with judgements missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from attunement.errors import WrongUse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Level = Literal["nominal", "ordinal", "interval", "ratio"]

REPLICATES = 1_000
FEWEST_UNITS = 10  # with two judgements or more, before an interval is drawn from them
MOST_AT_ONCE = 1 << 22  # numbers of a table of replicates that are held at once


@dataclass(frozen=True, slots=True, eq=False)
class Alpha:
    """value: 1 - observed / expected disagreement; None without two judgements of one unit, or where all values are one.

    interval: 95 %, units drawn again with a seed; None below FEWEST_UNITS. units: those with two judgements or more.
    values, counts: (k,) the values that occur in those units, and how often.
    """

    value: float | None
    interval: tuple[float, float] | None
    level: Level
    units: int
    values: Floats
    counts: Ints


def alpha(judgements: npt.ArrayLike, *, level: Level = "nominal", replicates: int = REPLICATES, seed: int = 0) -> Alpha:
    """`judgements` (units, coders), NaN where there is none.

    alpha = 1 - D_o / D_e over the coincidences of values within units, with the squared distance of the level
    (Krippendorff 2004; Hayes & Krippendorff 2007). Resampled with the distances of the whole sample. Raises WrongUse.
    """
    given = np.asarray(judgements, np.float64)
    if given.ndim != 2:
        raise WrongUse("judgements that are no table", remedy="give a row a unit and a column a coder")
    if level not in ("nominal", "ordinal", "interval", "ratio"):
        raise WrongUse(f"a level called “{level}”", remedy="use nominal, ordinal, interval or ratio")
    if level == "ratio" and np.nanmin(given, initial=0) < 0:
        raise WrongUse("a value below zero on a ratio scale", remedy="use interval")
    many = (~np.isnan(given)).sum(axis=1)
    given = given[many >= 2]
    values = np.unique(given[~np.isnan(given)])
    patterns = _patterns(given, values)
    patterns, times = np.unique(patterns, axis=0, return_counts=True)
    counts = times @ patterns
    distance = _distance(values, counts, level)
    within = _within(patterns, distance)
    value = _alpha(times[None, :], patterns, within, distance)
    interval = _interval(times, patterns, within, distance, replicates, seed) if not np.isnan(value[0]) else None
    return Alpha(None if np.isnan(value[0]) else float(value[0]), interval, level, len(given), values, counts)


def _patterns(given: Floats, values: Floats) -> Ints:
    """(units, k) how often each value stands in each unit."""
    row, coder = np.nonzero(~np.isnan(given))
    cell = row * len(values) + np.searchsorted(values, given[row, coder])
    return np.bincount(cell, minlength=len(given) * len(values)).reshape(len(given), len(values)).astype(np.int64)


def _within(patterns: Ints, distance: Floats) -> Floats:
    """(patterns,) the disagreement inside a unit of each pattern: sum over pairs of judgements / (judgements - 1)."""
    many = patterns.sum(axis=1)
    return np.asarray(((patterns @ distance) * patterns).sum(axis=1) / np.maximum(many - 1, 1))


def _alpha(times: Ints, patterns: Ints, within: Floats, distance: Floats) -> Floats:
    """(replicates,) alpha, when each pattern occurs `times` (replicates, patterns); NaN where all is one value."""
    counts = times @ patterns
    n = counts.sum(axis=1)
    expected = ((counts @ distance) * counts).sum(axis=1)
    found = np.full(len(times), np.nan)
    np.divide((n - 1) * (times @ within), expected, out=found, where=expected > 0)
    return 1 - found


def _interval(
    times: Ints, patterns: Ints, within: Floats, distance: Floats, replicates: int, seed: int
) -> tuple[float, float] | None:
    units = int(times.sum())
    if units < FEWEST_UNITS or replicates < 1:
        return None
    rng = np.random.default_rng(seed)
    step = max(MOST_AT_ONCE // max(len(times), len(distance)), 1)
    drawn = [
        _alpha(rng.multinomial(units, times / units, min(step, replicates - at)), patterns, within, distance)
        for at in range(0, replicates, step)
    ]
    known = np.concatenate(drawn)
    known = known[~np.isnan(known)]
    return (float(np.quantile(known, 0.025)), float(np.quantile(known, 0.975))) if len(known) else None


def _distance(values: Floats, counts: Ints, level: Level) -> Floats:
    """(k, k) squared distances between values."""
    if level == "nominal":
        return np.asarray(values[:, None] != values, np.float64)
    if level == "ordinal":  # how many judgements lie between, ends counted half
        rank = np.cumsum(counts) - counts / 2
        return np.asarray((rank[:, None] - rank) ** 2, np.float64)
    apart = (values[:, None] - values) ** 2
    if level == "interval":
        return np.asarray(apart)
    together = (values[:, None] + values) ** 2
    return np.divide(apart, together, out=np.zeros_like(apart), where=together > 0)
