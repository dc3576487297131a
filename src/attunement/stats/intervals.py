"""Intervals for a share of counts."""

from __future__ import annotations

from math import sqrt

from scipy.special import betaincinv, ndtri


def wilson(k: float, n: float, *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Low and high bound (0 to 1) of the share after `k` of `n`; None when n is 0.

    (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), p = k/n (Wilson 1927).
    """
    if n == 0:
        return None
    z, p = float(ndtri((1 + confidence) / 2)), k / n
    middle, reach = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    spread = 1 + z * z / n
    return max((middle - reach) / spread, 0.0), min((middle + reach) / spread, 1.0)


def exact(k: int, n: int, *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Low and high bound (0 to 1) by the exact binomial: quantiles of Beta(k, n-k+1) and Beta(k+1, n-k).

    None when n is 0 (Clopper & Pearson 1934).
    """
    if n == 0:
        return None
    tail = (1 - confidence) / 2
    low = float(betaincinv(k, n - k + 1, tail)) if k > 0 else 0.0
    high = float(betaincinv(k + 1, n - k, 1 - tail)) if k < n else 1.0
    return low, high
