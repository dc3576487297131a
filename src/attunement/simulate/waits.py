"""How long something takes to come, as a distribution with a known median."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, log, sqrt
from typing import Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Wait(Protocol):
    """Whole milliseconds, at least 1."""

    @property
    def middle_ms(self) -> float: ...

    def draw(self, rng: np.random.Generator, n: int) -> Ints: ...

    def share_by(self, ms: float) -> float:
        """P(wait <= ms) for whole ms."""
        ...


@dataclass(frozen=True, slots=True)
class Lognormal:
    """log(wait) is normal around log(median_ms) with sd `spread`."""

    median_ms: float
    spread: float

    @property
    def middle_ms(self) -> float:
        return self.median_ms

    def draw(self, rng: np.random.Generator, n: int) -> Ints:
        return _whole(self.median_ms * np.exp(self.spread * rng.standard_normal(n)))

    def share_by(self, ms: float) -> float:
        return 0.5 * (1 + erf(log(ms / self.median_ms) / (self.spread * sqrt(2)))) if ms > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Uniform:
    """Any time between `low_ms` and `high_ms` alike."""

    low_ms: float
    high_ms: float

    @property
    def middle_ms(self) -> float:
        return (self.low_ms + self.high_ms) / 2

    def draw(self, rng: np.random.Generator, n: int) -> Ints:
        return _whole(self.low_ms + (self.high_ms - self.low_ms) * rng.random(n))

    def share_by(self, ms: float) -> float:
        return float(np.clip((ms - self.low_ms) / (self.high_ms - self.low_ms), 0, 1))


def _whole(ms: npt.NDArray[np.float64]) -> Ints:
    """Rounded up, so that P(whole <= w) is P(wait <= w) for every whole w."""
    return np.maximum(np.ceil(ms), 1).astype(np.int64)
