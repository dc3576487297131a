"""Time cut into units of one length, session by session: which of them something touches, covers or begins in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.events import Bools, Ints
from attunement.moments.tracks import Tracks


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The units of a block, session after session. many: (sessions,) how many, at least one; the last may be shorter.

    first: (sessions + 1,) where each session's units begin.
    """

    unit_ms: int
    many: Ints
    first: Ints

    def span(self, session: int) -> slice:
        return slice(int(self.first[session]), int(self.first[session + 1]))

    def begun(self, block: Tracks, row: Ints) -> Bools:
        """(units,) those in which one of the rows begins."""
        mark = np.zeros(self.first[-1], np.bool_)
        mark[self._at(block, row, block.start)] = True
        return mark

    def touched(self, block: Tracks, row: Ints, longer_ms: int = 0) -> Bools:
        """(units,) those that the time from a row's onset to `longer_ms` after its end touches; a point touches its own."""
        return np.asarray(self._layers(block, row, longer_ms) > 0)

    def totals(self, mark: Bools) -> Ints:
        """(sessions,) how many units are marked."""
        return np.add.reduceat(mark, self.first[:-1], dtype=np.int64) if len(self.many) else np.empty(0, np.int64)

    def _layers(self, block: Tracks, row: Ints, longer_ms: int) -> Ints:
        session = block.session_of(row)
        begins = self._at(block, row, block.start)
        local = block.end.take(row) + longer_ms - block.opens.take(session)
        ends = np.minimum(-(-local // self.unit_ms), self.many.take(session)) + self.first.take(session)
        ends = np.maximum(ends, begins + 1)
        size = int(self.first[-1]) + 1
        change = np.bincount(begins, minlength=size) - np.bincount(ends, minlength=size)
        layers: Ints = np.cumsum(change)[:-1]
        return layers

    def _at(self, block: Tracks, row: Ints, when: Ints) -> Ints:
        session = block.session_of(row)
        unit = (when.take(row) - block.opens.take(session)) // self.unit_ms
        at: Ints = np.clip(unit, 0, self.many.take(session) - 1) + self.first.take(session)
        return at


def units_of(block: Tracks, unit_ms: int) -> Units:
    many = np.maximum(-(-(block.finish - block.opens) // unit_ms), 1)
    return Units(unit_ms, many, np.append(0, np.cumsum(many)))
