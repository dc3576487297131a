"""Time budgets: how the observed time was spent, in bouts and the time between them, as the coding programs give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from attunement.events import Events, Ints


@dataclass(frozen=True, slots=True)
class Budget:
    """One code of one actor. Events that overlap are one bout; those that only touch are two.

    share: of the observed time, 0 to 1, None where nothing was observed. Mean and deviation (n - 1) of bouts, and of the
    time from one's end to the next one's onset in a session; None below one, or below two for a deviation.
    """

    bouts: int
    total_ms: int
    share: float | None
    mean_ms: float | None
    sd_ms: float | None
    interval_mean_ms: float | None
    interval_sd_ms: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Budgets:
    """by: actor, then code, over all sessions; only what occurs."""

    by: Mapping[str, Mapping[str, Budget]]
    observed_ms: int


def budgets(events: Events) -> Budgets:
    """Bouts, durations, intervals and shares of the observed time, in ms (Martin & Bateson; Bakeman & Quera 2011)."""
    group, start, end = _bouts(events)
    cell = group % (len(events.actors) * max(len(events.codes), 1))
    observed = int(events.observed_ms.sum())
    same = np.flatnonzero(group[1:] == group[:-1])
    length, rest, of_rest = end - start, start[same + 1] - end[same], cell[same]
    found: dict[str, dict[str, Budget]] = {}
    bouts = _summed(cell, length, len(events.actors) * len(events.codes))
    rests = _summed(of_rest, rest, len(events.actors) * len(events.codes))
    for at in np.flatnonzero(bouts[0]).tolist():
        actor, code = divmod(at, len(events.codes))
        times, total = int(bouts[0][at]), int(bouts[1][at])
        budget = Budget(
            times, total, total / observed if observed else None, *_spread(times, total, int(bouts[2][at])),
            *_spread(int(rests[0][at]), int(rests[1][at]), int(rests[2][at])),
        )  # fmt: skip
        found.setdefault(events.actors[actor], {})[events.codes[code]] = budget
    return Budgets(found, observed)


def _bouts(events: Events) -> tuple[Ints, Ints, Ints]:
    """Group (session, actor, code), start and end of each bout, by group, then by time."""
    kinds = len(events.actors) * max(len(events.codes), 1)
    kind = events.actor.astype(np.int64) * len(events.codes) + events.code
    group = events.session.astype(np.int64) * kinds + kind
    order = np.lexsort((events.end, events.start, group))
    group, start, end = group[order], events.start[order], events.end[order]
    far = int(end.max(initial=0)) + 1
    place = np.cumsum(np.append(0, group[1:] != group[:-1]))[: len(group)]
    reach = np.maximum.accumulate(end + place * far) - place * far
    new = np.ones(len(group), np.bool_)
    new[1:] = (group[1:] != group[:-1]) | (start[1:] >= reach[:-1])
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(group))[: len(first)] - 1
    stop: Ints = reach[last]
    return group[first], start[first], stop


def _summed(cell: Ints, values: Ints, cells: int) -> tuple[Ints, Ints, Ints]:
    """How many, their sum and the sum of their squares, whole numbers, (cells,) each."""
    many: Ints = np.bincount(cell, minlength=cells).astype(np.int64)
    total, squares = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    np.add.at(total, cell, values)
    np.add.at(squares, cell, values**2)
    return many, total, squares


def _spread(many: int, total: int, squares: int) -> tuple[float | None, float | None]:
    if many < 2:
        return (float(total) if many else None), None
    return total / many, sqrt((many * squares - total**2) / (many * (many - 1)))
