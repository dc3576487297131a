"""Cohen's kappa of two coders: agreement beyond what their margins alone would give; weighted, and with impossible cells."""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, sqrt, tanh
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from attunement.stats.independence import free, proportional

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Weights = Literal["none", "linear", "quadratic"]

FEWEST_BLOCKS = 10  # below it the spread between stretches of time is not known well enough
NO_SPREAD = 1e-12  # what rounding alone leaves of nothing


@dataclass(frozen=True, slots=True, eq=False)
class Kappa:
    """table: (k, k) counts, the first coder's categories in rows. agreement, by_chance: shares from 0 to 1 (weighted).

    value: (agreement - by_chance) / (1 - by_chance); None without counts, or where chance alone agrees on everything.
    interval: 95 %; None where it cannot be told.
    """

    table: Ints
    agreement: float | None
    by_chance: float | None
    value: float | None
    interval: tuple[float, float] | None

    @property
    def n(self) -> int:
        return int(self.table.sum())

    @property
    def margins(self) -> tuple[Floats, Floats]:
        """(k,) each: the share of each category by the first coder, and by the second."""
        whole = max(self.n, 1)
        return self.table.sum(axis=1) / whole, self.table.sum(axis=0) / whole


def kappa(table: Ints, *, weights: Weights = "none") -> Kappa:
    """Kappa (Cohen 1960, 1968) with the large-sample interval of Fleiss, Cohen & Everitt 1969, for independent tallies."""
    value, agreement, chance = _value(table, weights)
    return Kappa(table, agreement, chance, value, _interval(table, weights) if value is not None else None)


def kappa_of_units(first: Ints, second: Ints, categories: int, *, block: int) -> Kappa:
    """Kappa of two series (n,) of categories in time.

    Neighbours in time are alike, so the interval takes m equal stretches of at least `block` units for independent, not
    units: tanh(atanh(kappa) ± t · se / (1 - kappa²)), with t of m - 1 degrees, and se² = (m - 1) / m · the sum of
    (kappa without a stretch - their mean)². That is the jackknife (of kappa: Fleiss & Davies 1982; of blocks: Künsch
    1989), laid around Fisher's z, as kappa is skewed near 1. None below FEWEST_BLOCKS; where kappa is 1 or -1; where all
    stretches are alike; and where without one stretch a single code is left.
    """
    table = tally(first, second, categories)
    value, agreement, chance = _value(table, "none")
    stretches = len(first) // block
    if value is None or stretches < FEWEST_BLOCKS:
        return Kappa(table, agreement, chance, value, None)
    without = _without_each(first, second, categories, stretches)
    return Kappa(table, agreement, chance, value, _around_z(value, without))


def kappa_of_events(table: Ints, possible: Bools) -> Kappa:
    """Kappa of a table with impossible cells: chance agreement comes from iterative proportional fitting.

    For aligned events: what neither coder noted is not there to be counted (Bakeman, Quera & Gnisci 2009). Where the margins
    leave no cell free, as with a single code, chance cannot be told from agreement, and the value is None. The interval is
    that of a plain table with the same agreement and chance: sqrt(po (1 - po) / n) / (1 - pe) (Cohen 1960).
    """
    n = int(table.sum())
    if not n:
        return Kappa(table, None, None, None, None)
    agreement = float(np.trace(table)) / n
    chance = float(np.trace(proportional(table, possible))) / n
    if chance >= 1 - 1e-12 or not free(table, possible):
        return Kappa(table, agreement, chance, None, None)
    value = (agreement - chance) / (1 - chance)
    error = sqrt(agreement * (1 - agreement) / n) / (1 - chance)
    return Kappa(table, agreement, chance, value, _around(value, error * float(ndtri(0.975))) if error else None)


def tally(first: Ints, second: Ints, categories: int) -> Ints:
    """(categories, categories) how often the two say what."""
    both = np.bincount(first * categories + second, minlength=categories * categories)
    return both.reshape(categories, categories).astype(np.int64)


def _value(table: Ints, weights: Weights) -> tuple[float | None, float | None, float | None]:
    n = int(table.sum())
    if not n:
        return None, None, None
    weight, shares = _weights(len(table), weights), table / n
    agreement = float(np.sum(weight * shares))
    chance = float(shares.sum(axis=1) @ weight @ shares.sum(axis=0))
    return None if chance >= 1 - 1e-12 else (agreement - chance) / (1 - chance), agreement, chance


def _weights(many: int, kind: Weights) -> Floats:
    """1 for the same category, less the farther apart, 0 for the ends of the scale."""
    apart = np.abs(np.subtract.outer(np.arange(many), np.arange(many))) / max(many - 1, 1)
    return np.asarray({"none": apart == 0, "linear": 1 - apart, "quadratic": 1 - apart**2}[kind], np.float64)


def _influence(table: Ints, weights: Weights) -> Floats:
    """(k, k) how much one more tally in a cell moves kappa, times n; its mean over the tallies is zero."""
    shares, weight = table / table.sum(), _weights(len(table), weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    agreement, chance = float(np.sum(weight * shares)), float(rows @ weight @ columns)
    of_margins = np.add.outer(weight @ columns, rows @ weight)
    middle = agreement * chance - 2 * chance + agreement
    return np.asarray((weight * (1 - chance) - of_margins * (1 - agreement) - middle) / (1 - chance) ** 2)


def _without_each(first: Ints, second: Ints, categories: int, stretches: int) -> Floats:
    """(stretches,) kappa without each of them; NaN where chance alone agrees on all that is left."""
    of = np.arange(len(first)) * stretches // len(first)
    cells, shape = stretches * categories, (stretches, categories)
    counts = (np.bincount(of * categories + series, minlength=cells).reshape(shape) for series in (first, second))
    rows, columns = (each.sum(axis=0) - each for each in counts)
    same = np.bincount(of[first == second], minlength=stretches)
    n, by_chance = rows.sum(axis=1), (rows * columns).sum(axis=1)
    beyond, possible = (same.sum() - same) * n - by_chance, n * n - by_chance
    return np.asarray(np.divide(beyond, possible, out=np.full(stretches, np.nan), where=possible > 0), np.float64)


def _around_z(value: float, without: Floats) -> tuple[float, float] | None:
    many = len(without)
    error = sqrt((many - 1) / many * float(np.sum((without - without.mean()) ** 2)))
    if not error > NO_SPREAD or 1 - abs(value) < NO_SPREAD:  # "not >", as NaN is no spread either
        return None
    middle, reach = atanh(value), float(stdtrit(many - 1, 0.975)) * error / (1 - value**2)
    return tanh(middle - reach), tanh(middle + reach)


def _interval(table: Ints, weights: Weights) -> tuple[float, float] | None:
    value, _, _ = _value(table, weights)
    n = int(table.sum())
    error = sqrt(float(np.sum(table / n * _influence(table, weights) ** 2)) / n)
    return None if value is None or not error else _around(value, error * float(ndtri(0.975)))


def _around(value: float, reach: float) -> tuple[float, float]:
    return max(value - reach, -1.0), min(value + reach, 1.0)
