"""A cartoon of 36 months: curves by age, and how being answered, missed and mended might grow into trust. To teach, never
to be fitted to a family. Every parameter stands in docs/explanation/simulated-dyads with its source, mostly ASSUMED."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attunement.errors import WrongUse
from attunement.simulate.simulated import Floats

WEEKS_PER_MONTH, DAYS_PER_MONTH = 4.345, 30.44
MANY_BOUTS = 8  # bouts a day from which a day is heavy
TRY_S, CALL_S, LATE_S, SETTLE_S, LONG_S = (
    25,
    90,
    60,
    40,
    400,
)  # ASSUMED seconds: a try, a call in vain, a late answer, ...


def crying_minutes(weeks: npt.ArrayLike, *, peak: float = 0.0) -> Floats:
    """Fuss and cry time per day, minutes. peak 0: flat and high for six weeks, then falling (Wolke et al. 2017); 1: highest
    at six weeks (Barr, Brazelton); sources differ, so both can be drawn."""
    week = np.asarray(weeks, np.float64)
    slow = 0.7 + 0.3 * np.exp(-np.maximum(week / WEEKS_PER_MONTH - 3, 0) / 9)
    early = (1 + 0.15 * peak) * (1 - 0.6 * peak * np.exp(-week / 5))
    return np.asarray(60 * slow + 65 * early * _logistic(-(week - 8.8) / 0.9))


def separation_upset(months: npt.ArrayLike, *, returns: float = 0.95) -> Floats:
    """The chance that a goodbye upsets; `returns`: how firmly the child believes that people come back, 0 to 1."""
    month = np.asarray(months, np.float64)
    return np.asarray(_logistic(month - 8) * (1 - _logistic((month - 19) / 4) * returns))


def wariness(months: npt.ArrayLike, *, temperament: float = 1.0) -> Floats:
    """The chance of wariness of somebody new."""
    month = np.asarray(months, np.float64)
    return np.asarray(np.clip(temperament * _logistic(month - 7) * (1 - 0.6 * _logistic((month - 18) / 3)), 0, 1))


def upset_bouts(month: float, *, temperament: float = 1.0) -> float:
    """Upset bouts a day that somebody would notice."""
    return temperament * (3 + 6 * float(_logistic(np.asarray(-(month - 2.2) / 0.5))))


@dataclass(frozen=True, slots=True)
class Dyad:
    """answers: chance that anybody comes; wait_s, wait_spread: after how long (log-normal); first_fit: chance that the first
    answer fits; mends: chance that each of `tries` further ones does; calls_again: whether a child calls again; tiring: how
    much a heavy day takes from `answers`; frightens: chance that an answer frightens; memory: bouts until one counts half.
    practice: how soothing oneself grows when held, grows when a miss ended well, shrinks when flooded."""

    answers: float = 0.65
    wait_s: float = 20.0
    wait_spread: float = 0.8
    first_fit: float = 0.55
    mends: float = 0.45
    tries: int = 3
    calls_again: float = 0.5
    tiring: float = 0.30
    frightens: float = 0.0
    temperament: float = 1.0
    memory: float = 400.0
    fright_weight: float = 8.0
    practice: tuple[float, float, float] = (6e-4, 4e-3, 3.5e-3)
    best_dose_s: float = 60.0
    flood_s: float = 420.0


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """By family and day, (families, days): trust, the belief that an upset ends settled together; soothing, the chance to
    settle alone; bouts of the day and how many settled together."""

    trust: Floats
    soothing: Floats
    bouts: npt.NDArray[np.int64]
    together: npt.NDArray[np.int64]

    @property
    def settled_share(self) -> float:
        return float(self.together.sum() / self.bouts.sum())

    def at(self, month: float) -> float:
        """Mean trust over families in the two months around `month`."""
        day = np.arange(self.trust.shape[1]) / DAYS_PER_MONTH
        return float(self.trust[:, np.abs(day - month) <= 1].mean())


def grow(dyad: Dyad, *, families: int, months: float, seed: int) -> Grown:
    """`families` made-up families by one set of dials, from birth. The same seed gives the same bytes. Raises WrongUse."""
    if families < 1 or not 0 < months <= 36:
        raise WrongUse(f"{families} families for {months} months", remedy="give at least one, for up to 36 months")
    rng = np.random.default_rng(seed)
    days = int(months * DAYS_PER_MONTH)
    mind = _Mind(np.full(families, 2.0), np.full(families, 2.0), np.full(families, 0.05))
    trust, soothing = np.empty((families, days)), np.empty((families, days))
    bouts, together = np.zeros((families, days), np.int64), np.zeros((families, days), np.int64)
    for day in range(days):
        month = day / DAYS_PER_MONTH
        bouts[:, day] = rng.poisson(upset_bouts(month, temperament=dyad.temperament), families)
        heavy = 1 - np.exp(-np.maximum(bouts[:, day] - MANY_BOUTS, 0) / MANY_BOUTS)
        for bout in range(int(bouts[:, day].max())):
            held = _bout(rng, dyad, mind, month, dyad.answers * (1 - dyad.tiring * heavy), bouts[:, day] > bout)
            together[:, day] += held
        trust[:, day], soothing[:, day] = mind.trust, mind.soothing
    return Grown(trust, soothing, bouts, together)


@dataclass(slots=True)
class _Mind:
    """Weights of bouts that settled together and that did not, and the chance to settle alone, (families,) each."""

    together: Floats
    not_settled: Floats
    soothing: Floats

    @property
    def trust(self) -> Floats:
        return self.together / (self.together + self.not_settled)


def _bout(
    rng: np.random.Generator, dyad: Dyad, mind: _Mind, month: float, answers: Floats, there: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """One bout of each family in `there`; answers whether it settled together."""
    luck = rng.random((6, len(there)))
    strength = rng.beta(2, 3, len(there))
    answered = luck[0] < answers
    frightened = answered & (luck[1] < dyad.frightens)
    fits = answered & ~frightened & (luck[2] < dyad.first_fit)
    trying = answered & ~frightened & ~fits
    needed = rng.geometric(dyad.mends, len(there)) if dyad.mends else np.full(len(there), dyad.tries + 1)
    calls = ~answered & (luck[3] < dyad.calls_again * (0.5 + mind.trust))
    late = calls & (luck[4] < answers * (dyad.first_fit + (1 - dyad.first_fit) * dyad.mends))
    together = fits | (trying & (needed <= dyad.tries)) | late
    alone = ~together & ~frightened & (luck[5] < mind.soothing * (1 - strength / 2))
    lost = ~together & ~alone & ~frightened
    wait = dyad.wait_s * np.exp(dyad.wait_spread * rng.standard_normal(len(there)))
    lasts = np.where(answered, wait + trying * TRY_S * np.minimum(needed, dyad.tries), CALL_S + calls * LATE_S)
    lasts += together * SETTLE_S * (0.5 + strength) + alone * LATE_S + lost * LONG_S * (0.5 + strength)
    _believe(dyad, mind, there, 0.5 + strength, (together, together | alone, frightened))
    _practise(dyad, mind, month, there, (together, alone, trying | ~answered, lost, frightened), lasts)
    ended: npt.NDArray[np.bool_] = together & there
    return ended


def _believe(
    dyad: Dyad, mind: _Mind, there: npt.NDArray[np.bool_], weight: Floats, ended: tuple[npt.NDArray[np.bool_], ...]
) -> None:
    together, settled, frightened = ended
    fades = 0.5 ** (weight / dyad.memory)
    good = 1 + fades * (mind.together - 1) + weight * together
    bad = 1 + fades * (mind.not_settled - 1) + weight * ~settled + dyad.fright_weight * frightened
    mind.together = np.where(there, good, mind.together)
    mind.not_settled = np.where(there, bad, mind.not_settled)


def _practise(
    dyad: Dyad, mind: _Mind, month: float, there: npt.NDArray[np.bool_], ended: tuple[npt.NDArray[np.bool_], ...],
    lasts: Floats,
) -> None:  # fmt: skip
    together, alone, missed, lost, frightened = ended
    held, dosed, flooded = dyad.practice
    most, dose = 0.10 + 0.80 * _logistic(np.asarray((month - 14) / 5)), lasts / dyad.best_dose_s
    gained = mind.soothing + held * np.maximum(most - mind.soothing, 0) * together
    gained += dosed * np.maximum(most - gained, 0) * dose * np.exp(1 - dose) * ((together | alone) & missed)
    gained -= flooded * gained * ((lost & (lasts > 0.8 * dyad.flood_s)) | frightened)
    mind.soothing = np.where(there, np.clip(gained, 0.01, 0.95), mind.soothing)


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))
