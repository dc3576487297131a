"""The table of time units and its p-value, held to acts whose true odds ratio is known."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

import numpy as np
import numpy.typing as npt

from attunement.clock import MINUTE
from attunement.events import Events, Ints, split
from attunement.measures.contingency import Contingency, contingency, pooled_reach
from attunement.measures.synchrony import synchrony
from attunement.schemes import Function, Scheme, scheme
from attunement.simulate import Calls, Paced, Talk, Uniform, calls, paced, talk
from attunement.stats.two_by_two import TwoByTwo
from soak.calibration.found import Found, distance_from_uniform
from soak.calibration.turning import turned_events

OURS, ACLEW = scheme("attunement"), scheme("aclew")
Floats = npt.NDArray[np.float64]
BAND = (0.93, 0.97)
WAYS = (Paced(), Paced(near=0.2), Paced(near=0.3, far=0.05), Paced(signal=0.02, near=0.05, far=0.10))
KOLMOGOROV = 1.63  # over the root of how many there are: passed by chance one time in a hundred
LONG_MIN = 360  # so long that ties between rotations, which make p a little too large, are rare
PERMUTATIONS = 499


def log_odds(scale: int) -> Iterator[Found]:
    """Tables are exactly as laid; the interval of the log odds ratio holds the truth; residuals are as normal as said."""
    for way in WAYS:
        for minutes in (10, 30):
            made = paced(way, OURS, sessions=1_500 * scale, units=60 * minutes, seed=minutes)
            found = contingency(made.events, OURS, permutations=0)[0]
            odds = f"near {way.near}, far {way.far}, {minutes} min"
            wrong = int((found.per_session != made.truth.tables).any(axis=1).sum())
            yield Found(f"contingency: tables other than laid, {odds}", wrong, len(found.per_session), 0, 0)
            tables = [TwoByTwo(*row) for row in found.per_session.tolist()]
            yield _held(f"contingency: log-odds intervals that hold the truth, {odds}", found, way.log_odds)
            if way.near == way.far:
                yield _residuals(tables, minutes)
    for goes_on, most, hours in ((0.7, 6, 4), (0.7, 6, 12), (0.9, 20, 12)):
        what = f"sounds in clusters of up to {most}, {hours} h"
        found = contingency(_rhythmic(100 * scale, 60 * hours, goes_on, most), ACLEW, permutations=0)[0]
        if most < 20:
            yield _held(f"contingency: log-odds intervals that hold 0, {what}", found, 0.0)
        else:  # conversations so regular that a day of them is no more than a few
            told = int((~np.isnan(found.reaches)).sum())
            yield Found(f"contingency: log-odds intervals told, {what}", told, len(found.reaches), 0, 0)
            plain = [TwoByTwo(*row).log_odds_interval() for row in found.per_session.tolist()]
            held = [low <= 0 <= high for low, high in filter(None, plain)]
            yield Found(
                f"contingency: intervals of independent units that hold 0, {what}", float(np.mean(held)), len(held)
            )
    yield from _several(scale)


def _several(scale: int) -> Iterator[Found]:
    """Sessions together, of two kinds that come by chance: rare signals seldom followed, many often. Truth: all of them."""
    groups = 400 * scale
    for many in (2, 5, 20):
        ways = Paced(signal=0.02, near=0.15), Paced(signal=0.06, near=0.25)
        made = [paced(way, OURS, sessions=groups * many // 2, units=900, seed=many).truth.tables for way in ways]
        tables = np.random.default_rng(many).permutation(np.concatenate(made))
        each = tables.reshape(groups, many, 4)
        reaches = np.array([pooled_reach(group, np.zeros(many)) for group in each])
        what = f"contingency: log-odds intervals of {many} sessions together that hold the truth"
        yield _share(what, _log_odds(each.sum(axis=1)), reaches, float(_log_odds(tables.sum(axis=0)[None])[0]))


def _log_odds(tables: Ints) -> Floats:
    return np.array([log(TwoByTwo(*table).odds_ratio or 1) for table in tables.tolist()])


def _held(what: str, found: Contingency, truth: float) -> Found:
    return _share(what, _log_odds(found.per_session), found.reaches, truth)


def _share(what: str, middles: Floats, reaches: Floats, truth: float) -> Found:
    told = ~np.isnan(reaches)
    many = int(told.sum())
    luck = max(2 * (0.0475 / max(many, 1)) ** 0.5 - 0.01, 0.0)  # with few sessions, luck alone leaves the band
    held = float(np.mean(np.abs(middles - truth)[told] <= reaches[told]))
    return Found(f"{what} ({told.mean():.0%} told)", held, many, BAND[0] - luck, BAND[1] + luck)


def _residuals(tables: list[TwoByTwo], minutes: int) -> Found:
    beyond = [abs(z) > 1.96 for table in tables if (z := table.adjusted_residual) is not None]
    what = f"contingency: residuals beyond 1.96, nothing contingent, {minutes} min"
    return Found(what, float(np.mean(beyond)), len(beyond), 0.03, 0.07)


def _rhythmic(sessions: int, minutes: int, goes_on: float = 0.7, most: int = 6) -> Events:
    """Conversations whose adult sounds were turned to another time: rhythm is kept, and nothing is contingent."""
    way = Talk(per_minute=1.0, goes_on=goes_on, most=most, gap=Uniform(200, 1_500))
    spoken = talk(way, ACLEW, sessions=1, length_ms=minutes * MINUTE, seed=11)
    return turned_events(spoken.events, sessions, seed=12)


def rotation_p(scale: int) -> Iterator[Found]:
    """p is uniform when nothing is contingent, also when sounds come in clusters; and small when something is."""
    many = 150 * scale
    alone = Calls(fitting=0, misread=0, other_acts_per_minute=5)
    none = calls(alone, OURS, sessions=many, length_ms=LONG_MIN * MINUTE, seed=1).events
    for what, events, by in (("Poisson acts", none, OURS), ("in clusters", _rhythmic(many, LONG_MIN), ACLEW)):
        p, most = _each_p(events, by), KOLMOGOROV / many**0.5 + _tie(events, by)
        yield Found(
            f"contingency: Kolmogorov-Smirnov distance of p from uniform, {what}",
            distance_from_uniform(p),
            many,
            None,
            most,
        )
        often, most = float(np.mean(p < 0.05)), 0.05 + 3 * (0.0475 / many) ** 0.5
        yield Found(f"contingency: p below .05, nothing contingent, {what}", often, many, None, most)
    for near, least in ((0.15, 0.5), (0.2, 0.9)):
        made = paced(Paced(near=near), OURS, sessions=many, units=20 * 60, seed=2)
        power = float(np.mean(_each_p(made.events, OURS) < 0.05))
        yield Found(f"contingency: p below .05, near {near}, far 0.1, 20 min", power, many, least)


def _tie(events: Events, by: Scheme) -> float:
    """The largest step of p: how often a rotation gives just as many units. p counts these, so it is that much too large."""
    a, b, c, d = contingency(events, by, permutations=0)[0].per_session.mean(axis=0)
    n = a + b + c + d
    return float(1 / np.sqrt(2 * np.pi * (a + b) * (a + c) / n * (1 - (a + b) / n) * (1 - (a + c) / n)))


def synchrony_p(scale: int) -> Iterator[Found]:
    """p of moving together is uniform when the two have nothing to do with each other, and small when acts follow."""
    many, both = 150 * scale, {Function.CONNECT: 3.0, Function.BREAK: 2.0}
    for fitting in (0.0, 0.6):
        way = Calls(both, fitting=fitting, misread=0, other_acts_per_minute=4 if not fitting else 0)
        events = calls(way, OURS, sessions=many, length_ms=40 * MINUTE, seed=5).events
        told = [synchrony(part, OURS, permutations=199, seed=at).p for at, part in enumerate(split(events))]
        p = np.array([each for each in told if each is not None])
        often = float(np.mean(p < 0.05))
        if fitting:
            yield Found("synchrony: p below .05, six in ten signals answered, 40 min", often, len(p), 0.5)
        else:
            most, share = KOLMOGOROV / len(p) ** 0.5, 0.05 + 4 * (0.0475 / len(p)) ** 0.5
            yield Found(
                "synchrony: Kolmogorov-Smirnov distance of p from uniform", distance_from_uniform(p), len(p), None, most
            )
            yield Found("synchrony: p below .05, nothing contingent", often, len(p), None, share)


def _each_p(events: Events, by: Scheme) -> Floats:
    found = [contingency(part, by, permutations=PERMUTATIONS, seed=at)[0].p for at, part in enumerate(split(events))]
    return np.array([p for p in found if p is not None])
