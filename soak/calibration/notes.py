"""What notes may say, held to made-up families whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np

from attunement.constants import number
from attunement.insights import Tally, adds_up, change, tally
from attunement.moments.noted import Topic
from attunement.schemes import scheme
from attunement.simulate import Family, diary
from attunement.simulate.diary import day_shares
from soak.calibration.found import Found

OURS = scheme("attunement")
TABLED = {8: 0.050, 10: 0.012, 20: 0.021, 30: 0.008, 50: 0.003}  # docs/explanation/what-notes-can-say, at a true .60
ICC = number("design_icc")


def six_in_ten(scale: int) -> Iterator[Found]:
    """A family at a true .60 is told "fewer than half" no oftener than the table says, from whole diaries."""
    families = 500 * scale
    for notes, share in TABLED.items() if scale > 1 else list(TABLED.items())[:3]:
        said = [_code(Family(together=0.6), days=notes, seed=seed) for seed in range(families)]
        most = share + 3 * sqrt(share * (1 - share) / families)
        yield Found(
            f"insights: told fewer than half at .60, {notes} notes",
            said.count("fewer-than-half") / families,
            families,
            None,
            most,
        )
    upset = Family(together=0.68, upset_noted=2, noted=0.5)
    looks = [tally(diary(upset, OURS, days=100, seed=seed).diary, OURS, Topic.UPSET) for seed in range(families // 3)]
    seen = sum(each.k for each in looks) / sum(each.n for each in looks)
    yield Found(
        "insights: a true .68, upset moments noted twice as often",
        seen,
        len(looks),
        upset.looks - 0.02,
        upset.looks + 0.02,
    )


def _code(family: Family, *, days: int, seed: int) -> str:
    made = diary(family, OURS, days=days, seed=seed)
    return next(found.code for found in adds_up(made.diary, OURS, audience="caregiver") if found.topic is Topic.UPSET)


def bands(scale: int) -> Iterator[Found]:
    """How often the 80 % band, and the 95 % interval for practitioners, hold the true share: with days as alike as assumed
    or less, where they are held to it; and with days more alike."""
    for icc in (0.0, ICC, 0.2):
        for days, per_day in ((30, 1), (30, 3), (60, 5)):
            drawn = _tallies(0.6, icc, days, per_day, 2_000 * scale, seed=days + per_day)
            where, held = f"icc {icc}, {days} days of {per_day}", icc <= ICC  # whole counts move it a little
            yield _held(
                f"insights: 80 % band holds .60, {where}", [each.band() for each in drawn], 0.77 if held else None
            )
            if per_day > 1:
                yield _held(
                    f"insights: 95 % interval holds .60, {where}",
                    [each.interval() for each in drawn],
                    0.93 if held else None,
                )
            if icc == ICC and per_day > 1:
                plain = [Tally(each.k, each.n, each.n).band() for each in drawn]
                yield _held(f"insights: 80 % band without the design effect, {where}", plain)


def _held(what: str, ranges: list[tuple[float, float]], least: float | None = None) -> Found:
    return Found(what, sum(low <= 0.6 <= high for low, high in ranges) / len(ranges), len(ranges), least)


def false_changes(scale: int) -> Iterator[Found]:
    """How often a change is said between two periods that do not differ. The rule promises a chance on each side."""
    pairs = 600 * scale
    for days, per_day in ((14, 1), (28, 2), (28, 3), (90, 2)):
        before = _tallies(0.6, ICC, days, per_day, pairs, seed=1)
        after = _tallies(0.6, ICC, days, per_day, pairs, seed=2)
        said = [change(a, b) != "no-clear-change" for a, b in zip(before, after, strict=True)]
        most = 1 - number("show_change_posterior") + 0.03
        yield Found(
            f"insights: false changes per comparison, {days} days of {per_day}, icc {ICC}",
            sum(said) / pairs,
            pairs,
            None,
            most,
        )


def _tallies(share: float, icc: float, days: int, per_day: int, families: int, *, seed: int) -> list[Tally]:
    rng = np.random.default_rng([seed, round(1_000 * icc), days, per_day])
    shares = day_shares(rng, share, icc, days * families).reshape(families, days)
    together = rng.binomial(per_day, shares).sum(axis=1)
    return [Tally(int(k), per_day * days, days) for k in together]
