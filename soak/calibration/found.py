"""What one check of the calibration found, beside what it ought to lie between."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Found:
    """`low` and `high` are None where we only report. of: how many simulated sessions, families or signals it rests on."""

    what: str
    value: float
    of: int
    low: float | None = None
    high: float | None = None

    @property
    def holds(self) -> bool:
        return (self.low is None or self.low <= self.value) and (self.high is None or self.value <= self.high)

    def __str__(self) -> str:
        low = "" if self.low is None else f"{self.low:.4g} <= "
        high = "" if self.high is None else f" <= {self.high:.4g}"
        bounds = f"{low}it{high}" if low or high else "reported only"
        return f"{'ok ' if self.holds else 'OFF'} {self.value:10.4f}  {bounds:28} {self.what} (of {self.of:,})"


def near(what: str, values: list[float], truth: float, *, errors: float = 4) -> Found:
    """The mean of independent `values` beside the truth, give or take so many standard errors of that mean."""
    n = len(values)
    mean = sum(values) / n
    error = sqrt(sum((value - mean) ** 2 for value in values) / (n - 1) / n)
    return Found(what, mean, n, truth - errors * error, truth + errors * error)


def distance_from_uniform(p: npt.NDArray[np.float64]) -> float:
    """Kolmogorov's: how far the share of p values up to each is from that p, at most."""
    ordered, n = np.sort(p), len(p)
    return float(max(np.max(np.arange(1, n + 1) / n - ordered), np.max(ordered - np.arange(n) / n)))
