"""Agreement: do two coders of one recording see the same, second by second and event by event?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from attunement.clock import SECOND, Span
from attunement.errors import WrongUse
from attunement.events import Bools, Events, Ints, join, split
from attunement.measures.rules import STEP_MS
from attunement.moments.aligning import align
from attunement.moments.covering import covering
from attunement.moments.tracks import checked_window
from attunement.schemes import Coding
from attunement.stats.alpha import alpha
from attunement.stats.kappa import Kappa, kappa_of_events, kappa_of_units, tally

TOLERANCE_MS = SECOND
FEWEST_TALLIES = 10  # below ten, one tally moves agreement by a tenth
STRETCHES, STRETCH_MS, STRETCH_EVENTS = (
    10,
    60 * SECOND,
    8,
)  # so few, so long, each of so many events of either coder, that
# two of them are about independent: docs/adr/0019
NOTHING = "(nothing)"  # the category of time in which nothing is coded, and of an event that one coder did not note


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """Events of both coders: how many each noted, how many were linked, and with the same code.

    kappa.table: the last row and column are events that only the other coder noted.
    """

    first: int
    second: int
    linked: int
    same: int
    kappa: Kappa


@dataclass(frozen=True, slots=True, eq=False)
class ActorAgreement:
    """Agreement on what one actor did. codes: the categories of every table, the last one NOTHING.

    units: unit by unit. within: the same with tolerance, seen from the first coder and from the second. alpha: nominal, of
    the units. events: aligned by onset.
    """

    actor: str
    codes: tuple[str, ...]
    units: Kappa
    within: tuple[Kappa, Kappa]
    alpha: float | None
    events: Aligned


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Of two codings by one scheme. both_ms: the time that both coders watched; outside: events that begin elsewhere."""

    actors: tuple[ActorAgreement, ...]
    unit_ms: int
    tolerance_ms: int
    both_ms: int
    outside: int


def agreement(first: Coding, second: Coding, *, unit_ms: int = STEP_MS, tolerance_ms: int = TOLERANCE_MS) -> Agreement:
    """Agreement for each actor, in the time that both coders watched.

    Units: whole units of `unit_ms` from the beginning of the recording; each has the code that fills most of it, or
    NOTHING. With tolerance, a unit agrees when the other coder has its code at most `tolerance_ms` away. Events: see
    moments.aligning. Kappa is None below FEWEST_TALLIES. Its interval of units rests on STRETCHES equal stretches of time,
    of at least STRETCH_MS and of STRETCH_EVENTS events of either coder in the mean; else it is None. Raises WrongUse for
    codings by different schemes.
    """
    checked_window(unit_ms, "unit")
    if first.scheme.name != second.scheme.name:
        two = f"“{first.scheme.name}” and “{second.scheme.name}”"
        raise WrongUse(f"codings by two schemes, {two}", remedy="read both with one: --scheme")
    if tolerance_ms < 0:
        raise WrongUse(f"a tolerance of {tolerance_ms} ms", remedy="give none or more")
    spans = shared(first.observed, second.observed)
    coders = [_inside(events, spans) for events in split(join([first.events, second.events]))]
    seen = _whole_units(spans, unit_ms)
    names = dict.fromkeys(actor for events in coders for actor in _acting(events))
    actors = tuple(_of_actor(name, coders, seen, unit_ms, tolerance_ms) for name in names)
    outside = len(first.events) + len(second.events) - sum(len(events) for events in coders)
    return Agreement(actors, unit_ms, tolerance_ms, sum(span.length for span in spans), outside)


def shared(first: Sequence[Span], second: Sequence[Span]) -> tuple[Span, ...]:
    """The time in both; each without overlap and in order."""
    both = (Span(max(a.start, b.start), min(a.end, b.end)) for a in first for b in second)
    return tuple(sorted(span for span in both if span.start < span.end))


def _inside(events: Events, spans: Sequence[Span]) -> Events:
    """The events that begin in one of the spans."""
    begins = np.array([span.start for span in spans], np.int64)
    ends = np.array([span.end for span in spans] + [0], np.int64)
    of = np.searchsorted(begins, events.start, "right") - 1
    return events.where((of >= 0) & (events.start < ends[of]))


def _acting(events: Events) -> list[str]:
    return [events.actors[actor] for actor in np.unique(events.actor).tolist()]


def _whole_units(spans: Sequence[Span], unit_ms: int) -> Bools:
    """(units,) which units lie in one of the spans as a whole."""
    seen = np.zeros(max((span.end for span in spans), default=0) // unit_ms, np.bool_)
    for span in spans:
        seen[-(-span.start // unit_ms) : span.end // unit_ms] = True
    return seen


def _of_actor(actor: str, coders: Sequence[Events], seen: Bools, unit_ms: int, tolerance_ms: int) -> ActorAgreement:
    rows = [events.where(events.actor == _place(events, actor)) for events in coders]
    codes = np.unique(np.concatenate([events.code for events in rows]))
    category = [np.searchsorted(codes, events.code) for events in rows]
    nothing, units = len(codes), len(seen)
    series = [
        covering(events.start, events.end, own, nothing=nothing, units=units, unit_ms=unit_ms)
        for events, own in zip(rows, category, strict=True)
    ]
    block = max(STRETCH_MS // unit_ms, 1, int(seen.sum()) // STRETCHES)
    if min(len(events) for events in rows) < STRETCHES * STRETCH_EVENTS:
        block = units + 1  # too few bouts to be told apart: no interval
    reach = tolerance_ms // unit_ms
    plain = kappa_of_units(series[0][seen], series[1][seen], nothing + 1, block=block)
    within = tuple(
        kappa_of_units(one[seen], _nearest(one, other, seen, reach)[seen], nothing + 1, block=block)
        for one, other in (series, series[::-1])
    )
    told = alpha(np.stack([series[0][seen], series[1][seen]], axis=1), replicates=0)
    events = _events(rows, category, nothing, tolerance_ms)
    named = (*(rows[0].codes[code] for code in codes.tolist()), NOTHING)
    return ActorAgreement(
        actor, named, _enough(plain), (_enough(within[0]), _enough(within[1])),
        told.value if plain.n >= FEWEST_TALLIES else None, events,
    )  # fmt: skip


def _place(events: Events, actor: str) -> int:
    return events.actors.index(actor) if actor in events.actors else -1


def _nearest(one: Ints, other: Ints, seen: Bools, reach: int) -> Ints:
    """`other`, with `one`'s own category wherever it stands in `other` at most `reach` units away."""
    watched = np.where(seen, other, -1)
    hit = watched == one
    for step in range(1, min(reach, max(len(one) - 1, 0)) + 1):
        hit[step:] |= watched[:-step] == one[step:]
        hit[:-step] |= watched[step:] == one[:-step]
    return np.where(hit, one, other)


def _events(rows: Sequence[Events], category: Sequence[Ints], nothing: int, tolerance_ms: int) -> Aligned:
    here, there = align(rows[0].start, category[0], rows[1].start, category[1], tolerance_ms=tolerance_ms)
    table = tally(category[0][here], category[1][there], nothing + 1)
    table[:, nothing] += np.bincount(np.delete(category[0], here), minlength=nothing + 1)
    table[nothing] += np.bincount(np.delete(category[1], there), minlength=nothing + 1)
    possible = np.ones(table.shape, np.bool_)
    possible[nothing, nothing] = False
    return Aligned(
        len(rows[0]), len(rows[1]), len(here), int(np.trace(table)), _enough(kappa_of_events(table, possible))
    )


def _enough(found: Kappa) -> Kappa:
    return found if found.n >= FEWEST_TALLIES else replace(found, value=None, interval=None)
