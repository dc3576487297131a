"""How long until something happens, when we did not always see it happen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

QUARTILES = (0.25, 0.50, 0.75)
_STRETCH = 1 << 18  # of times: few enough to stay in the processor's cache


def kaplan_meier(times: Ints, seen: npt.NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """The moments (m,) at which it was seen to happen, and the share (m,) still waiting just after each.

    times: (n,) whole numbers, also negative; seen: (n,) False where the watching ended first.
    S(t) = product over s <= t of (1 - happened(s) / waiting(s)); whoever stops being watched at s was waiting at s
    (Kaplan & Meier 1958).
    """
    if not len(times):
        return np.empty(0, np.int64), np.empty(0)
    when, happened, left = _table(times, seen)
    waiting = len(times) - np.cumsum(left) + left
    some = happened > 0
    return when[some], np.cumprod(1 - happened[some] / waiting[some])


def quantiles(times: Ints, seen: npt.NDArray[np.bool_], at: Sequence[float] = QUARTILES) -> list[int | None]:
    """For each share in `at`, the first time by which at least that share has happened (1 - S >= share, S as in
    `kaplan_meier`); None if that was never seen."""
    when, still = kaplan_meier(times, seen)
    found = np.searchsorted(-still, -(1 - np.asarray(at)) - 1e-12)  # `still` only falls; a hair for rounding
    return [int(when[place]) if place < len(when) else None for place in found]


def _table(times: Ints, seen: npt.NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Different times in order, how often it happened at each, and how many left (happened or no longer watched)."""
    first, last = int(times.min()), int(times.max())
    if last - first > 2 * len(times) + 1_000:  # far apart: by sorting
        when, place = np.unique(times, return_inverse=True)
        left, happened = np.bincount(place), np.bincount(place[seen], minlength=len(when))
        return when, happened, left
    counts = np.zeros(2 * (last - first + 1), np.int64)  # close together: by counting, a stretch at a time
    for at in range(0, len(times), _STRETCH):
        rows = slice(at, at + _STRETCH)
        counts += np.bincount((times[rows] - first) * 2 + seen[rows], minlength=len(counts))
    return np.arange(first, last + 1), counts[1::2], counts[::2] + counts[1::2]
