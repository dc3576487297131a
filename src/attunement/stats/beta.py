"""A share known from counts, as Beta over a flat prior: its bounds, and the chance that one share is larger."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaincinv

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(128)


def beta_quantile(k: float, n: float, at: float) -> float:
    """Quantile `at` (0 to 1) of Beta(1 + k, 1 + n - k): the share after `k` of `n`; counts may be fractions."""
    return float(betaincinv(1 + k, 1 + n - k, at))


def beta_interval(k: float, n: float, *, confidence: float = 0.80) -> tuple[float, float]:
    """The central interval of Beta(1 + k, 1 + n - k): low and high, each from 0 to 1."""
    tail = (1 - confidence) / 2
    return beta_quantile(k, n, tail), beta_quantile(k, n, 1 - tail)


def chance_larger(before: tuple[float, float], after: tuple[float, float]) -> float:
    """P(share after > share before), each given as (k, n), from 0 to 1.

    The integral over the quantiles u of `before` of P(after > quantile(u)), by 128-point Gauss-Legendre quadrature.
    """
    (k1, n1), (k2, n2) = before, after
    share = betaincinv(1 + k1, 1 + n1 - k1, (_NODES + 1) / 2)
    return float(np.sum(_WEIGHTS / 2 * (1 - betainc(1 + k2, 1 + n2 - k2, share))))
