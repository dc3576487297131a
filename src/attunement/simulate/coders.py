"""Two coders of one recording who err at a known rate: the truth that an agreement statistic estimates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.clock import SECOND, Span
from attunement.errors import WrongUse
from attunement.events import Ints
from attunement.schemes import Coding, Scheme
from attunement.simulate.simulated import CAREGIVER, Floats, Rows, checked_shares, checked_size, laid_out


@dataclass(frozen=True, slots=True)
class Coders:
    """What really happens: bouts of acts, one after another, each of one of so many codes, drawn by `shares`.

    bout_s: a bout lasts at least the first, on average the second, whole seconds. errs: the chance that a coder writes
    another code for a bout, each of the others alike; coders err without regard to each other, and agree on when.
    """

    shares: tuple[float, ...] = (0.5, 0.3, 0.2)
    bout_s: tuple[int, float] = (3, 6.0)
    errs: float = 0.15

    @property
    def table(self) -> Floats:
        """(codes, codes) the chance that the first coder writes one and the second another, for any moment."""
        many = len(self.shares)
        writes = np.full((many, many), self.errs / (many - 1)) + np.eye(many) * (1 - self.errs - self.errs / (many - 1))
        return np.asarray(np.einsum("t,ti,tj->ij", np.array(self.shares), writes, writes))

    @property
    def kappa(self) -> float:
        """Agreement beyond what the margins give, from `table`: of moments and, as lengths know no code, of bouts."""
        table = self.table
        chance = float(table.sum(axis=1) @ table.sum(axis=0))
        return (float(np.trace(table)) - chance) / (1 - chance)


def coders(way: Coders, by: Scheme, *, recordings: int, seconds: int, seed: int) -> list[tuple[Coding, Coding]]:
    """`recordings` recordings of `seconds`, each coded twice. The same seed gives the same bytes. Raises WrongUse."""
    checked_size(sessions=recordings, length_ms=seconds * SECOND)
    checked_shares(errs=way.errs)
    acts = np.flatnonzero(by.is_act)[: len(way.shares)]
    if len(acts) < len(way.shares) or len(acts) < 2 or abs(sum(way.shares) - 1) > 1e-9:
        raise WrongUse(f"shares {way.shares} of acts in “{by.name}”", remedy="give two or more that sum to 1")
    rng = np.random.default_rng(seed)
    return [_recording(rng, way, by, acts, seconds) for _ in range(recordings)]


def _recording(rng: np.random.Generator, way: Coders, by: Scheme, acts: Ints, seconds: int) -> tuple[Coding, Coding]:
    shortest, mean = way.bout_s
    most = seconds // shortest + 1
    ends = np.cumsum(shortest - 1 + rng.geometric(1 / (mean - shortest + 1), most))
    ends = np.append(ends[ends < seconds], seconds)
    begins = np.append(0, ends[:-1])
    truth = rng.choice(len(acts), len(ends), p=way.shares)
    both = []
    for _ in range(2):
        other = (truth + rng.integers(1, len(acts), len(truth))) % len(acts)
        wrote = np.where(rng.random(len(truth)) < way.errs, other, truth)
        rows = Rows(CAREGIVER, np.zeros(len(ends), np.int64), acts[wrote], begins * SECOND, ends * SECOND)
        events = laid_out([rows], by, sessions=1, length_ms=seconds * SECOND)
        both.append(Coding(events, by, (Span(0, seconds * SECOND),), (), np.arange(len(ends))))
    return both[0], both[1]
