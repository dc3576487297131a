"""Contingency: do acts begin more often within the window after a signal than at other times?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
import numpy.typing as npt

from attunement.errors import WrongUse
from attunement.events import Bools, Events, Ints
from attunement.measures.rules import FEWEST, STEP_MS, WINDOW_MS, check_caregiver
from attunement.moments.tracks import Tracks, checked_window, tracks
from attunement.moments.units import Units, units_of
from attunement.schemes import Function, Scheme
from attunement.stats.clusters import log_odds_reach
from attunement.stats.shifts import hits, p_value, spread
from attunement.stats.two_by_two import EXPECTED_LEAST, TwoByTwo

PERMUTATIONS = 1_000  # the smallest p is then 1 in 1,001
STRETCHES, FEWEST_STRETCHES, STRETCH_WINDOWS = (
    20,
    10,
    6,
)  # a stretch of so many windows knows little of the one before it

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Signals that ask for `asking` (None: all), and acts: `fitting` those that occur or any, by one caregiver or any."""

    asking: Function | None = None
    fitting: bool = False
    caregiver: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Contingency:
    """One pair of tracks over all sessions, and in each.

    per_session: (sessions, 4) time units a, b, c, d: in a window with an act beginning, in a window without, outside with,
    outside without. by_chance: (sessions,) the exact mean of `a` over all rotations. reaches: (sessions,) how far the 95 %
    interval of each one's log odds reaches to each side, NaN where that cannot be told. signals, acts: how many there are.
    p: the share of rotations with at least as many units `a`; None where too little, or when not asked for.
    """

    pair: Pair
    per_session: Ints
    by_chance: Floats
    reaches: Floats
    signals: int
    acts: int
    p: float | None
    window_ms: int
    unit_ms: int
    permutations: int
    seed: int
    observed_ms: int

    @property
    def table(self) -> TwoByTwo:
        return TwoByTwo(*(int(cell) for cell in self.per_session.sum(axis=0)))

    @property
    def told(self) -> bool:
        """Whether there is enough to speak of: FEWEST signals, FEWEST units with an act, and time in and out of windows."""
        table = self.table
        return self.signals >= FEWEST and table.a + table.c >= FEWEST and table.told

    @property
    def log_odds_interval(self) -> tuple[float, float] | None:
        """95 %, of ln(ad / bc), natural logarithms; None where the smallest cell would hold too few by accident.

        ± t · sqrt(c / (c - 1) · the sum of s² over c clusters), see stats.clusters.log_odds_reach. Clusters are sessions; of
        one session STRETCHES equal stretches, or fewer of at least STRETCH_WINDOWS windows, but not below FEWEST_STRETCHES.
        By accident the smallest cell has to hold EXPECTED_LEAST units; in one session so many times more, as all rotations
        of the acts spread `a` more than independent units would: acts in bursts count for fewer.
        """
        reach = pooled_reach(self.per_session, self.reaches)
        if not self.told or np.isnan(reach):
            return None
        middle = log(self.table.odds_ratio or 1)
        return middle - reach, middle + reach

    @property
    def chance(self) -> float | None:
        """The share of given units in which an act would begin if the acts came at any other time: (a + b)(a + c) / n of
        each session, which is the exact mean of a over all rotations, summed over sessions, / (a + b) of all."""
        table = self.table
        return float(self.by_chance.sum()) / (table.a + table.b) if self.told else None


def contingency(
    events: Events,
    scheme: Scheme,
    *,
    window_ms: int = WINDOW_MS,
    unit_ms: int = STEP_MS,
    caregiver: str | None = None,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
    pairs: Sequence[Pair] | None = None,
) -> tuple[Contingency, ...]:
    """The table of time units for each of `pairs`; by default for all signals and all acts, then for each function asked
    for and the acts that fit it, and for each caregiver, where there are several.

    A unit of `unit_ms` is given when it touches the time from a signal's onset to `window_ms` after its end; it has the
    target when an act begins in it (Yoder & Tapp 2004). The last unit of a session may be shorter. p turns the acts of each
    session by a random number of units round the circle of its units, `permutations` times, and counts on one side: as many
    or more. Rotation keeps the rhythm of both tracks. The mean of `a` over all rotations, which is its level by accident,
    is given units x units with an act / units, without rotating.
    Raises WrongUse.
    """
    checked_window(window_ms)
    checked_window(unit_ms, "unit")
    check_caregiver(events, caregiver)
    if permutations < 0:
        raise WrongUse(f"{permutations} rotations", remedy="give none or more")
    used = _used(events, scheme)
    wanted = _pairs(events, scheme, used, caregiver) if pairs is None else pairs
    counting = [_Counting(pair, used, permutations, seed) for pair in wanted]
    for block in tracks(events, scheme):
        units = units_of(block, unit_ms)
        for count in counting:
            count.take(block, units, window_ms)
    return tuple(count.done(window_ms, unit_ms, seed, int(events.observed_ms.sum())) for count in counting)


def pooled_reach(tables: Ints, reaches: Floats) -> float:
    """How far the interval of several sessions reaches: tables (sessions, 4), and the reach of each; NaN for none."""
    some = np.flatnonzero(tables.sum(axis=1))
    if len(some) < 2:
        return float(reaches[some].sum()) if len(some) else float("nan")
    return log_odds_reach(tables) if _least(tables.sum(axis=0)) >= EXPECTED_LEAST else float("nan")


def _least(table: Ints) -> float:
    """What the smallest cell of a table (4,) would hold by accident."""
    n, row, column = int(table.sum()), int(table[0] + table[1]), int(table[0] + table[2])
    return min(row, n - row) * min(column, n - column) / n if n else 0.0


def _reach(table: Ints, given: Bools, target: Bools, window: float) -> float:
    """See `Contingency.log_odds_interval`: of one session, whose windows are of so many units."""
    n, least = len(given), _least(table)
    stretches = min(STRETCHES, int(n / (STRETCH_WINDOWS * window)))
    if stretches < FEWEST_STRETCHES or least < EXPECTED_LEAST:
        return float("nan")
    row, column = int(table[0] + table[1]), int(table[0] + table[2])
    independent = row * column * (n - row) * (n - column) / (n * n * (n - 1))  # hypergeometric
    if least < EXPECTED_LEAST * spread(given, target) / independent:
        return float("nan")
    of = np.arange(n) * stretches // n
    cell = 4 * of + 2 * ~given + ~target
    return log_odds_reach(np.bincount(cell, minlength=4 * stretches).reshape(stretches, 4))


class _Counting:
    """One pair of tracks, counted block after block."""

    def __init__(self, pair: Pair, used: Bools, permutations: int, seed: int) -> None:
        self.pair, self.used, self.chosen = pair, used, np.random.default_rng(seed)
        self.tables: list[Ints] = [np.zeros((0, 4), np.int64)]
        self.means: list[Floats] = [np.zeros(0)]
        self.reaches: list[Floats] = [np.zeros(0)]
        self.turned = np.zeros(permutations, np.int64)
        self.signals = self.acts = 0

    def take(self, block: Tracks, units: Units, window_ms: int) -> None:
        signal, act = _rows(block, self.pair, self.used)
        given = units.touched(block, signal, window_ms)
        target = units.begun(block, act)
        one = units.totals(given), units.totals(target), units.totals(given & target)
        columns = [one[2], one[0] - one[2], one[1] - one[2], units.many - one[0] - one[1] + one[2]]
        tables = np.stack(columns, axis=1)
        self.tables.append(tables)
        spans = [units.span(session) for session in range(block.sessions)]
        reaches = [
            _reach(table, given[span], target[span], window_ms / units.unit_ms)
            for table, span in zip(tables, spans, strict=True)
        ]
        self.reaches.append(np.array(reaches))
        self.means.append(one[0] * one[1] / units.many)
        self.signals += len(signal)
        self.acts += len(act)
        if len(self.turned):
            for session in np.flatnonzero(one[0] * one[1]):
                span = units.span(int(session))
                shifts = self.chosen.integers(0, units.many[session], len(self.turned))
                self.turned += hits(given[span], target[span]).take(shifts)

    def done(self, window_ms: int, unit_ms: int, seed: int, observed_ms: int) -> Contingency:
        tables = np.concatenate(self.tables)
        found = Contingency(
            self.pair, tables, np.concatenate(self.means), np.concatenate(self.reaches), self.signals, self.acts,
            p_value(tables[:, 0].sum(), self.turned), window_ms, unit_ms, len(self.turned), seed, observed_ms,
        )  # fmt: skip
        return found if found.told else replace(found, p=None)


def _rows(block: Tracks, pair: Pair, used: Bools) -> tuple[Ints, Ints]:
    """The rows of the signals and of the acts of a pair."""
    scheme = block.scheme
    asking = scheme.is_signal if pair.asking is None else scheme.is_signal & scheme.with_function(pair.asking)
    acting = scheme.fits[asking & used].any(axis=0) if pair.fitting else scheme.is_act
    signal, act = (np.append(mask, False).take(block.code) for mask in (asking, acting))
    if pair.caregiver is not None:
        act &= block.actor == block.actors.index(pair.caregiver)
    return np.flatnonzero(signal), np.flatnonzero(act)


def _used(events: Events, scheme: Scheme) -> Bools:
    """(codes,) which of the scheme's codes occur at all."""
    occur = {events.codes[code] for code in np.unique(events.code).tolist()}
    return np.array([code in occur for code in scheme.ids], np.bool_)


def _pairs(events: Events, scheme: Scheme, used: Bools, caregiver: str | None) -> Sequence[Pair]:
    asked = [f for f in Function if (used & scheme.is_signal & scheme.with_function(f)).any()]
    pairs = [Pair(caregiver=caregiver)]
    if len(asked) > 1:
        pairs += [Pair(function, fitting=True, caregiver=caregiver) for function in asked]
    is_act = np.array([code in scheme.at and scheme[code].kind == "act" for code in events.codes], np.bool_)
    acting = np.unique(events.actor[is_act[events.code]]).tolist() if len(events) else []
    if caregiver is None and len(acting) > 1:
        pairs += [Pair(caregiver=name) for name in sorted(events.actors[actor] for actor in acting)]
    return pairs
