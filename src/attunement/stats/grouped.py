"""One number for each of many groups at once: Wilson bounds and Kaplan-Meier medians, equal to the bit to one by one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_HAIR = 1e-12  # for rounding, as in survival.quantiles
_SMALLEST = 16  # groups of up to so many moments are worked out side by side


def wilson_each(k: Ints, n: Ints, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Low and high bound (groups,) of each share after `k` of `n`, as `intervals.wilson`; NaN where n is 0."""
    z = float(ndtri((1 + confidence) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = k / n
        middle, reach = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        spread = 1 + z * z / n
        low, high = np.maximum((middle - reach) / spread, 0.0), np.minimum((middle + reach) / spread, 1.0)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def medians(times: Ints, seen: Bools, sizes: Ints) -> tuple[Ints, Bools]:
    """The Kaplan-Meier median of each group, and whether it was seen at all, (groups,) each; see survival.quantiles.

    times, seen: (n,) group after group; sizes: (groups,) how many of them each group has.
    """
    group, when, happened, waiting = _moments(times, seen, sizes)
    found, known = np.zeros(len(sizes), np.int64), np.zeros(len(sizes), np.bool_)
    some = happened > 0
    group, when, factor = group[some], when[some], 1 - happened[some] / waiting[some]
    many = np.bincount(group, minlength=len(sizes))
    first = np.cumsum(many) - many
    smallest, width = 1, _SMALLEST
    while smallest <= many.max(initial=0):
        those = np.flatnonzero((many >= smallest) & (many <= width))
        if len(those):
            place = _half(factor, first[those], many[those])
            is_there = place < many[those]
            known[those] = is_there
            found[those[is_there]] = when[(first[those] + place)[is_there]]
        smallest, width = width + 1, 2 * width
    return found, known


def _moments(times: Ints, seen: Bools, sizes: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """The different times of each group in order: group, time, how often it happened, how many were still waiting."""
    if not len(times):
        none = np.empty(0, np.int64)
        return none, none, none, none
    group = np.repeat(np.arange(len(sizes)), sizes)
    lowest = int(times.min())
    bits = max(int(times.max()) - lowest, 1).bit_length() + 1
    line = np.sort((group << bits) | ((times - lowest) << 1) | seen)  # by group, then by time
    moment = line >> 1
    first = np.flatnonzero(np.append(True, moment[1:] != moment[:-1]))
    happened = np.add.reduceat(line & 1, first)
    of = moment[first] >> (bits - 1)
    gone = first - (np.cumsum(sizes) - sizes)[of]
    return of, (moment[first] & ((1 << (bits - 1)) - 1)) + lowest, happened, sizes[of] - gone


def _half(factor: Floats, first: Ints, many: Ints) -> Ints:
    """For each group, the first of its moments after which at most one half still waits; `many` where there is none."""
    width = int(many.max())
    column = np.arange(width)
    inside = column < many[:, None]
    side_by_side = np.where(inside, factor.take(first[:, None] + column, mode="clip"), 1.0)
    over = (np.cumprod(side_by_side, axis=1) <= 0.5 + _HAIR) & inside
    return np.where(over.any(axis=1), over.argmax(axis=1), many)
