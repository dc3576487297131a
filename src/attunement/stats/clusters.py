"""Intervals that take whole clusters (sessions, stretches of time) for independent, and not what lies in them."""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from attunement.stats.intervals import wilson

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FEWEST_CLUSTERS = 2  # with two, Student's t of one degree makes the interval as wide as it has to be
Interval = tuple[float, float]


def share_interval(k: Ints, n: Ints) -> Interval | None:
    """95 % bounds (0 to 1) of the share of all `k` of all `n`, clusters (c,) drawn at random; None below FEWEST_CLUSTERS.

    Wilson's interval of p = sum k / sum n after n* = p (1 - p) / v · (z / t)² moments in place of all n. v is what
    leaving one cluster out moves p by: (c - 1) / c · the sum of ((k - p n) / (N - n))² (jackknife of a ratio). t has
    1 / (the sum of (n / N)²) - 1 degrees: clusters of unequal size count for fewer. Where all clusters have the same
    share, n* = N (z / t)². (Effective number: Kish 1965; in Wilson's interval: Dean & Pagano 2015.)
    """
    k, n = k[n > 0], n[n > 0]
    many, total = len(n), int(n.sum())
    if many < FEWEST_CLUSTERS:
        return None
    p, z = float(k.sum()) / total, float(ndtri(0.975))
    v = (many - 1) / many * float(np.sum(((k - p * n) / (total - n)) ** 2))
    effective = p * (1 - p) / v if v > 0 else float(total)
    effective *= (z / student(n)) ** 2
    return wilson(p * effective, effective)


def student(sizes: Ints) -> float:
    """The 97.5 % point of Student's t for clusters of these sizes (c,)."""
    parts = sizes / sizes.sum()
    return float(stdtrit(max(1 / float(np.sum(parts**2)) - 1, 1.0), 0.975))


def log_odds_reach(parts: Ints) -> float:
    """How far the 95 % interval of a log odds ratio reaches to each side: `parts` (c, 4) are the tables of the clusters.

    t · sqrt(c / (c - 1) · the sum over clusters of s²), s = a'/a - b'/b - c'/c + d'/d, the cluster's cells over the whole
    table's: with a cluster for each unit that is Woolf's 1/a + 1/b + 1/c + 1/d. t as in `student`. (Linearised ratio,
    Binder 1983.) NaN where a cell is empty, or with fewer than two clusters.
    """
    parts = parts[parts.sum(axis=1) > 0]
    whole, many = parts.sum(axis=0), len(parts)
    if many < FEWEST_CLUSTERS or not whole.all():
        return float("nan")
    moved = parts @ (np.array([1, -1, -1, 1]) / whole)
    return student(parts.sum(axis=1)) * sqrt(many / (many - 1) * float(np.sum(moved**2)))
