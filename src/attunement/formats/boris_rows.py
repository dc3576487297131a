"""What BORIS codes: bouts of a subject, from a project or from an export, as a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from attunement.errors import Severity
from attunement.events import NONE, Index, Reading, Tier
from attunement.formats.notes import Notes
from attunement.formats.rows import Rows, reading, show_time

NO_SUBJECT = "No focal subject"
MODIFIERS, COMMENT = "modifiers", "comment"
MOST_MS = 2**53  # a time with more digits than any clock has; it becomes an issue like any other late one

Key = tuple[str, str, str]  # subject, code, modifiers


class Event(NamedTuple):
    """One key press: a point, or where a state begins or ends. status: "POINT", "START", "STOP", or "" for either."""

    key: Key
    ms: int
    status: str
    comment: str
    row_id: str


class Bout(NamedTuple):
    key: Key
    start: int
    end: int
    comments: tuple[str, ...]
    row_id: str


@dataclass(slots=True)
class Observation:
    """One observation as it comes by: events are paired, bouts are whole already."""

    name: str
    place: str
    bouts: list[Bout] = field(default_factory=list)
    notes: Notes = field(init=False)
    media: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.notes = Notes(self.place)

    def note(self, code: str, place: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.notes.add(code, f"{self.place} {place}".strip(), message, severity)

    def pair(self, events: Sequence[Event]) -> None:
        """Takes the events in the order of their times; each state needs a beginning and an end."""
        open_: dict[Key, Event] = {}
        for event in sorted(events, key=lambda one: one.ms):
            begun = open_.pop(event.key, None)
            if event.status == "POINT":
                self.bouts.append(Bout(event.key, event.ms, event.ms, (event.comment,), event.row_id))
                if begun is not None:
                    open_[event.key] = begun
            elif begun is None and event.status != "STOP":
                open_[event.key] = event
            elif begun is None or event.status == "START":
                self._unpaired(begun or event)
                if begun is not None:
                    open_[event.key] = event
            else:
                row_id = f"{begun.row_id} to {event.row_id.rpartition(' ')[2]}"
                self.bouts.append(Bout(event.key, begun.ms, event.ms, (begun.comment, event.comment), row_id))
        for event in open_.values():
            self._unpaired(event)

    def _unpaired(self, event: Event) -> None:
        subject, code, modifiers = event.key
        named = f"{code} ({modifiers})" if modifiers else code
        has = "an end and no beginning" if event.status == "STOP" else "a beginning and no end"
        message = (
            f"“{named}” of {subject} at {show_time(event.ms)} has {has}, so one of its presses is missing and others may "
            "be turned round; that one is left out. In BORIS, Check state events finds it and Fix unpaired events closes it"
        )
        self.note("state-unpaired", event.row_id, message, Severity.ERROR)


def session(observation: Observation, format: str) -> Reading:
    """Subjects are tiers, behaviours are values; modifiers and comments hang under their row."""
    bouts = observation.bouts
    who = dict.fromkeys(bout.key[0] for bout in bouts)
    tiers = [Tier(name, participant=name) for name in who]
    told: list[tuple[int, str, str]] = []  # row, tier, value
    for row, bout in enumerate(bouts):
        if bout.key[2]:
            told.append((row, f"{MODIFIERS}@{bout.key[0]}", bout.key[2]))
        told += [(row, f"{COMMENT}@{bout.key[0]}", comment) for comment in bout.comments if comment]
    for name in dict.fromkeys(tier for _, tier, _ in told):
        kind, _, above = name.partition("@")
        tiers.append(Tier(name, parent=above, kind=kind))
    around = [bouts[row] for row, _, _ in told]
    rows = Rows(
        tuple(tiers), values := tuple(dict.fromkeys([*(bout.key[1] for bout in bouts), *(said for _, _, said in told)])),
        _places([*(bout.key[0] for bout in bouts), *(tier for _, tier, _ in told)], [tier.name for tier in tiers]),
        _places([*(bout.key[1] for bout in bouts), *(said for _, _, said in told)], values),
        np.array([bout.start for bout in (*bouts, *around)], np.int64),
        np.array([bout.end for bout in (*bouts, *around)], np.int64),
        [*(bout.row_id for bout in bouts), *(f"{bouts[row].row_id} told {at}" for at, (row, _, _) in enumerate(told, 1))],
        np.array([*([NONE] * len(bouts)), *(row for row, _, _ in told)], np.int32),
    )  # fmt: skip
    return reading(
        rows, name=observation.name, format=format, issues=observation.notes.issues(), media=tuple(observation.media),
        track=_tracks(bouts, len(told)),
    )  # fmt: skip


def _places(words: Sequence[str], names: Sequence[str]) -> Index:
    at = {name: place for place, name in enumerate(names)}
    return np.fromiter(map(at.__getitem__, words), np.int32, len(words))


def _tracks(bouts: Sequence[Bout], told: int) -> Index:
    """A subject may do several things at once, but none of them twice; what hangs under a row is a track of its own."""
    at: dict[Key, int] = {}
    own = [at.setdefault(bout.key, len(at)) for bout in bouts]
    return np.array([*own, *range(len(at), len(at) + told)], np.int32)


def milliseconds(seconds: float) -> int:
    ms = seconds * 1000
    return round(ms if -MOST_MS < ms < MOST_MS else MOST_MS if ms > 0 else -MOST_MS)
