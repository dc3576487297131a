"""What is going on in each unit of time: the code that fills most of it."""

from __future__ import annotations

import numpy as np

from attunement.events import Ints


def covering(start: Ints, end: Ints, category: Ints, *, nothing: int, units: int, unit_ms: int) -> Ints:
    """(units,) the category (n,) of which most lies in each unit of `unit_ms`, from 0 on; `nothing` where there is none.

    Of equals, the smaller number. A point fills a millisecond of its unit, so it shows only where nothing lasts.
    """
    found = np.full(units, nothing, np.int64)
    stop = np.minimum(np.maximum(end, start + 1), units * unit_ms)
    inside = np.flatnonzero(start < stop)
    start, stop, category = start[inside], stop[inside], category[inside].astype(np.int64)
    first = start // unit_ms
    many = -(-stop // unit_ms) - first
    unit = np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())
    filled = np.minimum(np.repeat(stop, many), (unit + 1) * unit_ms) - np.maximum(
        np.repeat(start, many), unit * unit_ms
    )
    cell, of = np.unique(unit * (nothing + 1) + np.repeat(category, many), return_inverse=True)
    total = np.bincount(of, filled, len(cell))
    unit, category = cell // (nothing + 1), cell % (nothing + 1)
    order = np.lexsort((-category, total, unit))
    found[unit[order]] = category[order]  # the last one written stays: the largest, of equals the smaller number
    return found
