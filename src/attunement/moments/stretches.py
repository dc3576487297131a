"""Stretches that were watched and coded, each as a session of its own: nothing runs into time that nobody coded."""

from __future__ import annotations

import numpy as np

from attunement.events import Events, Ints

APART_MS = 1  # between two sessions on the clock that stretches are looked up on


def cut(events: Events, session: Ints, begins: Ints, ends: Ints) -> Events:
    """`events` cut at the stretches `[begins, ends)` (s,), ms from the beginning of their `session` (s,).

    Stretches come by session and time and do not overlap. An event belongs to the stretch in which it begins, and ends
    with it at the latest; one that begins in none is left out. A point event at the very end of a recording belongs to
    the stretch that ends there. Session i of the result is stretch i; its time begins with the stretch.
    """
    opens = events.offsets(APART_MS)
    at = events.start + opens[events.session]
    of = np.searchsorted(begins + opens[session], at, "right") - 1
    last = np.maximum(of, 0)
    end = ends[last] + (ends[last] == events.duration_ms[session[last]])
    inside = (of >= 0) & (session[last] == events.session) & (events.start < end)
    of, kept = of[inside], events.where(inside)
    since = begins[of]
    return Events(
        of.astype(np.int32), kept.actor, kept.code, kept.start - since,
        np.maximum(np.minimum(kept.end, ends[of]), kept.start) - since,
        tuple(f"{events.sessions[at]} {start}" for at, start in zip(session.tolist(), begins.tolist(), strict=True)),
        kept.actors, kept.codes, ends - begins, ends - begins,
    )  # fmt: skip
