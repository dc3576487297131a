"""Which column of an event table means what, in the dialects of the field, and the unit that its name states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["ms", "s", "min", "clock", "frames", ""]

OWN = ("session", "tier", "participant", "value", "start_ms", "end_ms", "id", "parent", "duration_ms")
_OWN = (OWN, OWN[:-1])  # what `convert` writes, and what it wrote before it kept the recording's length

START = ("start", "onset", "begin", "start_time", "begin_time", "onset_time", "time_start", "segment_onset",
         "segment_start", "from", "xmin", "tmin", "time", "timestamp")  # fmt: skip
END = ("end", "offset", "stop", "end_time", "stop_time", "offset_time", "time_end", "segment_offset", "segment_end",
       "finish", "to", "xmax", "tmax")  # fmt: skip
DURATION = ("duration", "dur", "length")
TIER = ("tier", "tier_name", "track", "actor", "speaker", "subject", "who", "column", "participant", "speaker_type",
        "lena_speaker", "segtype", "role")  # fmt: skip
PARTICIPANT = ("participant",)
CODE = ("code", "label", "value", "behavior", "behaviour", "annotation", "event", "state", "act", "signal", "text",
        "transcription", "utterance", "targetchildprominence", "rating")  # fmt: skip
SESSION = ("session", "recording", "recording_filename", "raw_filename", "observation_id", "file", "filename")
ID = ("id", "event_id", "annotation_id")
PARENT = ("parent",)

# ChildProject's tables state milliseconds for these names (its format documentation).
_STATED: dict[str, Unit] = {"segment_onset": "ms", "segment_offset": "ms"}
_ENDINGS: tuple[tuple[str, Unit], ...] = (
    (r"_(?:hh_mm_ss_ms|hh_mm_ss_mmm|hh_mm_ss|mm_ss)", "clock"),
    (r"_(?:ss_msec|ss_ms)", "s"),
    (r"_?(?:msecs?|millis|milliseconds?)|_?ms", "ms"),
    (r"_?(?:secs?|seconds?)|_s", "s"),
    (r"_?(?:minutes?)|_min", "min"),
    (r"_?frames?", "frames"),
)
_TIMES = {*START, *END, *DURATION}


@dataclass(frozen=True, slots=True)
class Column:
    at: int
    unit: Unit = ""  # as the header states it


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands; None where the table has no such column."""

    start: Column
    end: Column | None
    duration: Column | None
    tier: Column | None
    participant: Column | None
    code: Column | None
    session: Column | None
    id: Column | None
    parent: Column | None
    own: bool = False  # a table that we wrote

    @property
    def lasts(self) -> Column | None:
        """How long the recording is: `duration_ms` beside an end. No event of its own length lasts longer than its end."""
        return self.duration if self.end is not None and self.duration and self.duration.unit == "ms" else None

    def all(self) -> tuple[Column | None, ...]:
        return (self.start, self.end, self.duration, self.tier, self.participant, self.code, self.session, self.id,
                self.parent)  # fmt: skip


def columns_of(header: Sequence[str]) -> Columns | None:
    """What the columns of this header mean, None where none of them is a beginning."""
    named: dict[str, Column] = {}
    for at, cell in enumerate(header):
        name, unit = _name_and_unit(cell)
        named.setdefault(name, Column(at, unit))
    start = _first(named, START)
    if start is None:
        return None
    own = tuple(header) in _OWN
    return Columns(
        start, _first(named, END), _first(named, DURATION), _first(named, TIER), _first(named, PARTICIPANT),
        _first(named, CODE), _first(named, SESSION), _first(named, ID), _first(named, PARENT) if own else None, own,
    )  # fmt: skip


TRIPLE = Columns(Column(0), Column(1), None, None, None, Column(2), None, None, None)  # a table without a header


def _first(named: dict[str, Column], wanted: Sequence[str]) -> Column | None:
    return next((named[name] for name in wanted if name in named), None)


def _name_and_unit(cell: str) -> tuple[str, Unit]:
    """ "startSeconds" is ("start", "s"), "Begin Time - msec" is ("begin_time", "ms")."""
    slug = re.sub(r"[^a-z0-9]+", "_", cell.strip().lower()).strip("_")
    if slug in _STATED:
        return slug, _STATED[slug]
    for ending, unit in _ENDINGS:
        stem = re.sub(rf"(?:{ending})\Z", "", slug)
        if stem != slug and stem in _TIMES:
            return stem, unit
    return slug, ""
