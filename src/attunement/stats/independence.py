"""What a table of counts would hold if rows and columns had nothing to do with each other; some cells may be impossible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MOST_ROUNDS, CLOSE = 2_000, 1e-10  # of fitting; a margin is met to this share of the whole


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """expected, residuals: (rows, columns), NaN in impossible cells and, for residuals, where nothing varies.

    g2: 2 sum O ln(O / E); df: see `free`; p: chance of so large a g2, by chi-square, which it follows in large tables only.
    """

    expected: Floats
    residuals: Floats
    g2: float
    df: int
    p: float | None


def fit(counts: Ints, possible: Bools | None = None) -> Fit:
    """Independence, or quasi-independence where cells are impossible, of a table (rows, columns) of counts."""
    allowed = np.ones(counts.shape, np.bool_) if possible is None else possible
    expected = proportional(counts, allowed)
    g2 = float(g_squared(counts, expected))
    df, residuals = free(counts, allowed), _residuals(counts, expected)
    residuals[~_used(counts, allowed)] = np.nan
    return Fit(np.where(allowed, expected, np.nan), residuals, g2, df, float(chdtrc(df, g2)) if df > 0 else None)


def g_squared(counts: Ints, expected: Floats) -> Floats:
    """2 sum O ln(O / E) over the last two axes, at least 0."""
    share = np.divide(counts, expected, out=np.ones(counts.shape), where=counts > 0)
    found = 2 * np.sum(counts * np.log(share), axis=(-2, -1))
    return np.asarray(np.maximum(found, 0.0))


def free(counts: Ints, allowed: Bools) -> int:
    """Degrees of freedom: possible cells of the rows and columns in use, less their margins."""
    used = _used(counts, allowed)
    return max(int(used.sum() - used.any(axis=1).sum() - used.any(axis=0).sum()) + 1, 0)


def _used(counts: Ints, allowed: Bools) -> Bools:
    return np.asarray(allowed & (counts.sum(axis=1) > 0)[:, None] & (counts.sum(axis=0) > 0))


def proportional(counts: Ints, allowed: Bools) -> Floats:
    """Iterative proportional fitting of the margins of `counts` to the cells that are `allowed` (Deming & Stephan 1940).

    `counts` (..., rows, columns): of many tables at once, too.
    """
    expected = np.broadcast_to(allowed, counts.shape).astype(np.float64)
    rows, columns = counts.sum(axis=-1), counts.sum(axis=-2)
    close = CLOSE * np.maximum(rows.sum(axis=-1, keepdims=True), 1)
    for _ in range(MOST_ROUNDS):
        expected *= _ratio(rows, expected.sum(axis=-1))[..., None]
        expected *= _ratio(columns, expected.sum(axis=-2))[..., None, :]
        if (np.abs(expected.sum(axis=-1) - rows) <= close).all():
            break
    return expected


def _ratio(wanted: Ints, there: Floats) -> Floats:
    return np.divide(wanted, there, out=np.zeros(there.shape), where=there > 0)


def _residuals(counts: Ints, expected: Floats) -> Floats:
    """(O - E) / its standard error under the fit, about standard normal (Haberman 1973).

    The variance of cell ij is E (1 - E h), h the leverage x' (X' W X)^- x of row i and column j in the log-linear model;
    with every cell possible that is E (1 - r/n)(1 - k/n), as by hand.
    """
    of_row, of_column = expected.sum(axis=1), expected.sum(axis=0)
    information = np.block([[np.diag(of_row), expected], [expected.T, np.diag(of_column)]])
    inverse = np.linalg.pinv(information, hermitian=True)
    cut = len(of_row)
    leverage = np.diag(inverse)[:cut, None] + 2 * inverse[:cut, cut:] + np.diag(inverse)[cut:]
    variance = expected * (1 - expected * leverage)
    found = np.full(counts.shape, np.nan)
    np.divide(counts - expected, np.sqrt(np.maximum(variance, 0)), out=found, where=variance > CLOSE)
    return found
