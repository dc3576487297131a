"""Transitions: which code of an actor comes after which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attunement.events import Events, Ints
from attunement.measures.rules import FEWEST

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """codes: those that take part. counts: (codes, codes) [from, to]."""

    codes: tuple[str, ...]
    counts: Ints

    @property
    def probabilities(self) -> Floats:
        """(codes, codes) of the times that a code was followed by another, how often by this one; NaN below FEWEST times."""
        row = self.counts.sum(axis=1, keepdims=True).astype(np.float64)
        row[row < FEWEST] = np.nan
        return np.asarray(self.counts / row)


@dataclass(frozen=True, slots=True, eq=False)
class Transitions:
    """by: actor to what follows what, over all sessions; actors with fewer than two events in every session are left out."""

    by: Mapping[str, Moves]
    observed_ms: int


def transitions(events: Events) -> Transitions:
    """Each event of an actor and that actor's next one, by onset (then end, then code), whatever the time between, as BORIS.

    No transition leads from one session, or one coded stretch, into another.
    """
    order = np.lexsort((events.code, events.end, events.start, events.actor, events.session))
    session, actor, code = (column[order] for column in (events.session, events.actor, events.code))
    goes = np.flatnonzero((session[1:] == session[:-1]) & (actor[1:] == actor[:-1]))
    many = len(events.codes)
    cell = (actor[goes].astype(np.int64) * many + code[goes]) * many + code[goes + 1]
    cell, times = np.unique(cell, return_counts=True)
    found: dict[str, Moves] = {}
    for at in np.unique(cell // (many * many)).tolist():
        mine = cell // (many * many) == at
        came, went = cell[mine] // many % many, cell[mine] % many
        used = np.unique(np.concatenate([came, went]))
        counts = np.zeros((len(used), len(used)), np.int64)
        counts[np.searchsorted(used, came), np.searchsorted(used, went)] = times[mine]
        found[events.actors[at]] = Moves(tuple(events.codes[code] for code in used.tolist()), counts)
    return Transitions(found, int(events.observed_ms.sum()))
