"""States and counts: what each actor did, how often and for how long; of any events, with or without a scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from attunement.clock import HOUR
from attunement.events import Events


@dataclass(frozen=True, slots=True)
class State:
    """One code of one actor. total_ms: sum of (end - start). mean_ms: total_ms / count. rate_per_hour: count / hours
    observed; None where nothing was."""

    count: int
    total_ms: int
    mean_ms: float
    rate_per_hour: float | None


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """by: actor, then code, over all sessions; only what occurs, in the order of the events' own vocabularies."""

    by: Mapping[str, Mapping[str, State]]
    observed_ms: int


def states(events: Events) -> States:
    """How often, how long; times in ms, rates over the observed time. Events of one actor that overlap count in full."""
    shape = len(events.actors), len(events.codes)
    cell = events.actor.astype(np.intp) * shape[1] + events.code
    counts = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    total = np.bincount(cell, events.end - events.start, shape[0] * shape[1]).reshape(shape)
    observed = int(events.observed_ms.sum())
    found: dict[str, dict[str, State]] = {}
    for actor, code in np.argwhere(counts).tolist():
        state = _state(int(counts[actor, code]), int(total[actor, code]), observed)
        found.setdefault(events.actors[actor], {})[events.codes[code]] = state
    return States(found, observed)


def _state(count: int, total_ms: int, observed_ms: int) -> State:
    return State(count, total_ms, total_ms / count, count * HOUR / observed_ms if observed_ms else None)
