"""A two by two table of counts, and what it says of the bond between its rows and its columns."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.special import ndtri

EXPECTED_LEAST = 5.0  # in every cell, before a residual is read as a standard normal (Bakeman & Quera 2011)
_EMPTY = 0.5  # stands in for an empty cell


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """a: given and target; b: given, no target; c: not given, target; d: neither.

    Every answer is None where a row or a column is empty: then there is nothing to compare.
    """

    a: int
    b: int
    c: int
    d: int

    @property
    def n(self) -> int:
        return self.a + self.b + self.c + self.d

    @property
    def told(self) -> bool:
        return min(self.a + self.b, self.c + self.d, self.a + self.c, self.b + self.d) > 0

    @property
    def corrected(self) -> bool:
        """Whether a cell is empty, so that the odds ratio and its interval stand on a half in its place."""
        return min(self.a, self.b, self.c, self.d) == 0

    @property
    def expected(self) -> float:
        """The first cell when rows and columns have nothing to do with each other: (a + b)(a + c) / n."""
        return (self.a + self.b) * (self.a + self.c) / self.n if self.n else 0.0

    @property
    def odds_ratio(self) -> float | None:
        """ad / bc, with 0.5 in the place of an empty cell."""
        return exp(self._log_odds()) if self.told else None

    def log_odds_interval(self, *, confidence: float = 0.95) -> tuple[float, float] | None:
        """ln(ad / bc) ± z sqrt(1/a + 1/b + 1/c + 1/d), with 0.5 in the place of an empty cell (Woolf 1955)."""
        if not self.told:
            return None
        reach = float(ndtri((1 + confidence) / 2)) * sqrt(sum(1 / cell for cell in self._filled()))
        return self._log_odds() - reach, self._log_odds() + reach

    @property
    def yules_q(self) -> float | None:
        """(ad - bc) / (ad + bc), from -1 to 1."""
        with_, against = self.a * self.d, self.b * self.c
        return (with_ - against) / (with_ + against) if self.told and with_ + against else None

    @property
    def phi(self) -> float | None:
        """(ad - bc) / sqrt of the product of the margins, from -1 to 1: the root of chi-square / n, with its sign."""
        margins = (self.a + self.b) * (self.c + self.d) * (self.a + self.c) * (self.b + self.d)
        return (self.a * self.d - self.b * self.c) / sqrt(margins) if margins else None

    @property
    def risk_difference(self) -> float | None:
        """a / (a + b) - c / (c + d), from -1 to 1 (operant contingency value; Martens et al. 2008)."""
        return self.a / (self.a + self.b) - self.c / (self.c + self.d) if self.told else None

    @property
    def adjusted_residual(self) -> float | None:
        """(a - E) / sqrt(E (1 - r/n)(1 - k/n)), about standard normal by accident (Haberman 1973).

        None where a cell would hold fewer than EXPECTED_LEAST by accident.
        """
        n, row, column = self.n, self.a + self.b, self.a + self.c
        if not self.told or min(row, n - row) * min(column, n - column) / n < EXPECTED_LEAST:
            return None
        return (self.a - self.expected) / sqrt(self.expected * (1 - row / n) * (1 - column / n))

    def _filled(self) -> tuple[float, float, float, float]:
        return self.a or _EMPTY, self.b or _EMPTY, self.c or _EMPTY, self.d or _EMPTY

    def _log_odds(self) -> float:
        a, b, c, d = self._filled()
        return log(a) + log(d) - log(b) - log(c)
