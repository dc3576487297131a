"""One session many times over, each time with the caregiver's events turned round the circle by another random shift."""

from __future__ import annotations

import numpy as np

from attunement.events import Events


def turned_events(events: Events, times: int, *, seed: int) -> Events:
    """When an act begins is all that chance levels ask, so acts become points."""
    around = int(events.duration_ms[0])
    shift = np.random.default_rng(seed).integers(0, around, times)
    session = np.repeat(np.arange(times, dtype=np.int32), len(events))
    start, length = np.tile(events.start, times), np.tile(events.end - events.start, times)
    is_act = np.tile(events.actor == events.actors.index("caregiver"), times)
    start = np.where(is_act, (start + shift[session]) % around, start)
    end = np.where(is_act, start, start + length)
    order = np.lexsort((end, start, session))
    lengths = np.full(times, around, np.int64)
    return Events(
        session, np.tile(events.actor, times)[order], np.tile(events.code, times)[order], start[order], end[order],
        tuple(map(str, range(times))), events.actors, events.codes, lengths, lengths,
    )  # fmt: skip
