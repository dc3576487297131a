"""What every reading must hold, whatever the bytes: a sound session, or one line for a person and nothing else."""

from __future__ import annotations

import unicodedata

import numpy as np

from attunement.clock import LONGEST_MS
from attunement.errors import NotReadable
from attunement.events import Reading
from attunement.formats import readings_in

LONGEST_LINE = 600  # of a refusal; the longest of ours names three sessions


class Unsound(AssertionError):
    """A reading, or a refusal, that breaks its promise."""


def judged(data: bytes, name: str) -> tuple[Reading, ...] | NotReadable:
    """The sessions in the bytes, or the refusal, once either is found sound. Raises Unsound."""
    try:
        found = readings_in(data, name)
    except NotReadable as error:
        check_refusal(error, name)
        return error
    for reading in found:
        check_reading(reading)
    return found


def check_refusal(error: NotReadable, name: str) -> None:
    """One line that names the file and a remedy."""
    line = str(error)
    hold(
        line.isprintable() or not {"Cc", "Zl", "Zp"} & set(map(unicodedata.category, line)), f"control signs: {line!r}"
    )
    hold(len(line) < LONGEST_LINE, f"too long a line: {line[:100]!r}")
    hold(name in error.place, f"the file is not named: {line!r}")
    hold(bool(error.what and error.remedy), f"no reason, or no remedy: {line!r}")


def check_reading(reading: Reading) -> None:
    session, events = reading.session, reading.session.events
    rows = len(events)
    columns = (events.actor, events.code, events.end, events.session, session.ids, session.parent)
    hold(all(len(column) == rows for column in columns), "columns of different lengths")
    hold(len(events.sessions) == len(events.duration_ms) == len(events.observed_ms) == 1, "not one session")
    for issue in reading.issues:
        hold(bool(issue.code and issue.place.strip() and issue.message), f"an issue without its place: {issue}")
    if not rows:
        return
    hold(bool((events.start >= 0).all() and (events.end >= events.start).all()), "a span that ends before it begins")
    hold(int(events.end.max()) <= min(LONGEST_MS, int(events.duration_ms[0])), "a time beyond the end")
    hold(
        _within(events.actor, len(events.actors)) and _within(events.code, len(events.codes)),
        "a name that is not there",
    )
    hold(bool((session.parent >= -1).all() and (session.parent < rows).all()), "a parent that is not there")
    hold(bool((session.parent != np.arange(rows)).all()), "a row under itself")
    hold(bool((np.diff(events.start) >= 0).all()), "rows out of order")
    hold({*events.actors} <= {tier.name for tier in session.tiers}, "a tier that is not listed")
    for name in (*events.actors, *events.codes, *session.ids, *events.sessions):
        name.encode("utf-8")  # raises on half a letter


def _within(column: np.ndarray[tuple[int, ...], np.dtype[np.int32]], count: int) -> bool:
    return bool((column >= 0).all() and (column < count).all())


def hold(true: bool, why: str) -> None:
    if not true:
        raise Unsound(why)
