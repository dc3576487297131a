"""Agreement statistics, held to coders who err at a known rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from attunement.measures.agreement import agreement
from attunement.schemes import scheme
from attunement.simulate import Coders, coders
from attunement.stats.alpha import alpha
from attunement.stats.kappa import kappa
from soak.calibration.found import Found

OURS = scheme("attunement")
BAND = (0.93, 0.97)
WAYS = (Coders(), Coders(shares=(0.9, 0.1), errs=0.05))
Bounds = tuple[float | None, float | None]
UNHELD: Bounds = (None, None)
Range = tuple[float, float] | None


def tallies(scale: int) -> Iterator[Found]:
    """Kappa of independent tallies, and alpha with units drawn again, hold the truth; few and uneven ones are reported."""
    rng = np.random.default_rng(8)
    for way in WAYS:
        for n in (100, 400):
            bounds = UNHELD if n == 100 and max(way.shares) > 0.8 else BAND
            tables = [table.reshape(way.table.shape) for table in rng.multinomial(n, way.table.ravel(), 1_000 * scale)]
            where = f"intervals that hold the truth, {n} tallies, shares {way.shares}"
            yield _held(f"kappa: {where}", [kappa(table).interval for table in tables], way.kappa, bounds)
            told = [alpha(_judged(table), replicates=400).interval for table in tables[: 200 * scale]]
            yield _held(f"alpha: {where}", told, way.kappa, bounds)


def _judged(table: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """(tallies, 2) what both coders said."""
    return np.repeat(np.argwhere(table >= 0), table.ravel(), axis=0)


def recordings(scale: int) -> Iterator[Found]:
    """Kappa of aligned events, and of seconds, whose neighbours are alike, hold the truth; few long bouts tell of none."""
    for way in (*WAYS, Coders(errs=0.05), Coders(errs=0.3)):
        for minutes in (10, 20, 30, 60) if scale > 1 else (10,):
            yield from _recordings(way, minutes, 200 * scale)
    for bout, minutes in ((15.0, 30), (30.0, 60), (60.0, 120)) if scale > 1 else ((30.0, 60),):
        for way in (*WAYS, Coders(errs=0.05), Coders(errs=0.3)):
            yield from _recordings(replace(way, bout_s=(3, bout)), minutes, 100 * scale)
    made = coders(Coders(bout_s=(3, 60.0)), OURS, recordings=20, seconds=1_800, seed=1)
    few = [agreement(*both).actors[0].units for both in made]
    told = sum(each.interval is not None for each in few)
    yield Found("agreement: kappa of seconds, intervals told of thirty bouts", told, len(few), 0, 0)


def _recordings(way: Coders, minutes: int, many: int) -> Iterator[Found]:
    made = coders(way, OURS, recordings=many, seconds=60 * minutes, seed=minutes)
    found = [agreement(first, second).actors[0] for first, second in made]
    where = f"{minutes} min, bouts of {way.bout_s[1]:.0f} s, shares {way.shares}, err in {way.errs}"
    kappas = {"events": [one.events.kappa for one in found], "seconds": [one.units for one in found]}
    for what, each in kappas.items():
        held = f"agreement: kappa of {what}, intervals that hold the truth, {where}"
        yield _held(held, [one.interval for one in each], way.kappa)
    off = abs(float(np.mean([one.units.value or 0 for one in found])) - way.kappa)
    yield Found(f"agreement: kappa of seconds, its mean from the truth, {where}", off, len(found), 0, 0.02)


def _held(what: str, intervals: Sequence[Range], truth: float, bounds: Bounds = BAND) -> Found:
    known = [interval for interval in intervals if interval is not None]
    held = sum(low <= truth <= high for low, high in known) / len(known)
    low, high = bounds
    luck = max(2 * (0.0475 / len(known)) ** 0.5 - 0.01, 0.0)  # with few recordings, luck alone leaves the band
    return Found(what, held, len(known), None if low is None else low - luck, None if high is None else high + luck)
