"""A diary of upset moments whose truth is known: what happened, what was noted of it, and what was marked wrongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.errors import WrongUse
from attunement.events import NONE, Diary, Index, Ints
from attunement.schemes import Scheme
from attunement.simulate.simulated import Floats, checked_shares

FIRST_DAY = 19_723  # 2024-01-01, as days since 1970-01-01
TOGETHER, ALONE, UNSETTLED = 0, 1, 2
_CODES = ("cry", "hug-child", "settled-with-you", "settled-alone", "still-upset")


@dataclass(frozen=True, slots=True)
class Family:
    """A made-up family's upset moments and how it notes them; every default is ASSUMED (docs/explanation/simulated-dyads).

    together: the true share that ends settled together, over all days; alone: settled alone, likewise; the rest stays upset.
    icc: how alike moments of one day are: a day's own share is Beta with mean `together` and this intraclass correlation.
    per_day: moments a day, exactly that many when `steady`, else on average (Poisson).
    noted: the chance that a moment that settled together is noted; upset_noted: how many times likelier any other is.
    mismarked: the chance that together is marked as still upset, or any other ending as together.
    """

    together: float = 0.6
    alone: float = 0.1
    icc: float = 0.0
    per_day: float = 1.0
    steady: bool = True
    noted: float = 1.0
    upset_noted: float = 1.0
    mismarked: float = 0.0

    @property
    def looks(self) -> float:
        """The share settled together that the notes tend to as they grow: selection first, then wrong marks."""
        settled = self.together * self.noted
        other = (1 - self.together) * min(self.noted * self.upset_noted, 1.0)
        kept = settled / (settled + other)
        return kept * (1 - self.mismarked) + (1 - kept) * self.mismarked


@dataclass(frozen=True, slots=True, eq=False)
class FamilyTruth:
    """Parameters, and what they came to. day_shares: (days,) each day's own share.

    happened: (3,) moments by how they ended: TOGETHER, ALONE, UNSETTLED; noted: (3,) those that were noted;
    wrong: how many of these were marked wrongly.
    """

    family: Family
    day_shares: Floats
    happened: Ints
    noted: Ints
    wrong: int


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedDiary:
    """Made up from `truth`: no family is behind it."""

    diary: Diary
    truth: FamilyTruth


def diary(family: Family, by: Scheme, *, days: int, seed: int) -> SimulatedDiary:
    """`days` days of upset moments, in order, read with the scheme `attunement`. The same seed gives the same bytes."""
    checked_shares(together=family.together, alone=family.alone)
    if not (0 <= family.icc < 1 and 0 <= family.noted <= 1 and 0 <= family.mismarked <= 1 and days > 0):
        raise WrongUse("a family with shares outside 0 to 1, or no days", remedy="check icc, noted, mismarked and days")
    rng = np.random.default_rng(seed)
    shares = day_shares(rng, family.together, family.icc, days)
    many = np.full(days, round(family.per_day)) if family.steady else rng.poisson(family.per_day, days)
    day = np.repeat(np.arange(days), many)
    settled = rng.random(len(day)) < shares[day]
    alone = rng.random(len(day)) < family.alone / max(1 - family.together, 1e-12)
    ending = np.where(settled, TOGETHER, np.where(alone, ALONE, UNSETTLED))
    kept = rng.random(len(day)) < np.minimum(family.noted * np.where(settled, 1, family.upset_noted), 1)
    wrong = rng.random(len(day)) < family.mismarked
    marked = np.where(wrong, np.where(settled, UNSETTLED, TOGETHER), ending)[kept]
    truth = FamilyTruth(
        family, shares, np.bincount(ending, minlength=3), np.bincount(ending[kept], minlength=3), int(wrong[kept].sum())
    )
    return SimulatedDiary(_noted(by, day[kept], marked), truth)


def day_shares(rng: np.random.Generator, mean: float, icc: float, days: int) -> Floats:
    """Shares (days,) from Beta(mean k, (1 - mean) k), k = 1 / icc - 1, in which two moments of a day correlate by `icc`."""
    if icc == 0 or mean in (0, 1):
        return np.full(days, mean)
    k = 1 / icc - 1
    return rng.beta(mean * k, (1 - mean) * k, days)


def _noted(by: Scheme, day: Ints, ending: Ints) -> Diary:
    unknown = [code for code in _CODES if code not in by.at]
    if unknown:
        raise WrongUse(f"“{by.name}” has no code “{unknown[0]}”", remedy="use the scheme attunement")
    cry, hug, *ends = (by.at[code] for code in _CODES)
    held = np.flatnonzero(ending == TOGETHER)
    return Diary(
        (day + FIRST_DAY).astype(np.int32), _all(cry, len(day)), np.array(ends, np.int32)[ending],
        _all(NONE, len(day)), _all(NONE, len(day)),
        held.astype(np.int32), _all(hug, len(held)), by.ids,
    )  # fmt: skip


def _all(code: int, n: int) -> Index:
    return np.full(n, code, np.int32)
