"""LENA recordings (.its), read: each segment with what LENA counted in it; nothing that tells who the child is.

Tiers are LENA's speaker labels (CHN, FAN, ...), and a segment's value is its label. Under a segment hang:
`utterances@CHN` and `words@FAN`, the counts as written; `speechlike@CHN`, `cry@CHN`, `fixed@CHN`, the child's
sounds inside it with their own times; `conversation@CHN`, LENA's own note of the turn. The tier `conversation`
holds the blocks by their kind, with `turns@conversation` under them, and the tier `recording` holds each
Recording by its number. From these LENA's counts follow exactly.

Times are positions in the audio. Where the recorder paused, the audio goes on without a gap: one Recording
ends and the next begins. Two sounds on both sides of such a border are no neighbours, so `read_all` gives each
Recording as a session of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from attunement.clock import SECOND
from attunement.errors import Issue, NotReadable, Severity
from attunement.events import NONE, Bools, Index, Ints, Numbered, Reading, Tier
from attunement.formats.rows import Rows, listed, reading, used
from attunement.formats.xml_runs import GAP, QUOTED, Runs, parsed
from attunement.formats.xml_tags import sound, walk

Floats = npt.NDArray[np.float64]

RECORDING, CONVERSATION, SEGMENTS = "recording", "conversation", "segments"

DOCTYPE = re.compile(rb"<!DOCTYPE\s+ITS\s+SYSTEM\s+\"its.dtd\"\s*>")  # every file names it; it is nowhere to be had
_PEOPLE = frozenset(("CHN", "CHF", "FAN", "MAN", "FAF", "MAF", "CXN", "CXF"))  # the rest have nothing more to tell
_COUNTS = {"childUttCnt": "utterances", "femaleAdultWordCnt": "words", "maleAdultWordCnt": "words",
           "conversationInfo": "conversation"}  # fmt: skip
_SOUNDS = {"startUtt": ("endUtt", "speechlike"), "startCry": ("endCry", "cry"), "startVfx": ("endVfx", "fixed")}
_OWN = ("spkr", "startTime", "endTime")
_SILENT = ("average_dB", "peak_dB", "recordingInfo")  # they stand first, and tell nothing that we read
_TIME = r"^PT[0-9]{1,9}(?:\.[0-9]{1,9})?S$"
_ANY = QUOTED.replace("(", "(?:")
_FIRST = "".join(f"(?:{GAP}++{name}={_ANY})?+" for name in _SILENT)
_MORE = f"((?:{GAP}++(?!(?:{'|'.join((*_OWN, *_SILENT))})=)[A-Za-z_][A-Za-z0-9_]*+={_ANY})*+)"
# For each attribute that tells: the place of its kind, the sound, where its value stands, and where the sound's end.
Plan = tuple[tuple[int, str, int, int], ...]
PLAIN = {
    SEGMENTS: re.compile(
        f"<Segment{GAP}++spkr={QUOTED}{_FIRST}{_MORE}{GAP}++startTime={QUOTED}{GAP}++endTime={QUOTED}{GAP}*+/>"
    )
}  # as LENA's own programs write them


class Line(NamedTuple):
    """A row around segments. before: how many of them stand before it."""

    before: int
    tier: str
    value: str
    start: str
    end: str
    row_id: str


class Kind(NamedTuple):
    """What an attribute of a segment tells: a count under its own words, or a sound inside it."""

    tier: str
    row_id: str  # with the segment's number at {}


@dataclass(slots=True)
class Document:
    """The parts of a file as they come by, as written."""

    name: str
    runs: Runs
    around: list[Line] = field(default_factory=list)  # Recordings and blocks, each turn count after its block
    speaker: list[str] = field(default_factory=list)  # one item in these for a segment
    start: list[str] = field(default_factory=list)
    end: list[str] = field(default_factory=list)
    told: list[int] = field(default_factory=list)  # one item in these for what hangs under a segment: which one
    kind: list[int] = field(default_factory=list)  # the place in `kinds`
    value: list[str] = field(default_factory=list)
    sound: list[int] = field(default_factory=list)  # one item in these for a sound: which of those in `told`
    begins: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    kinds: dict[Kind, int] = field(default_factory=dict)
    plans: dict[tuple[str, str], Plan] = field(default_factory=dict)  # by speaker, and the names of the attributes
    recordings: int = 0
    private: int = 0

    def take(self, tag: str, given: list[str]) -> None:
        if tag == "Segment":
            one = dict(_pairs(given))
            speaker, start, end = (one.get(key, "") for key in _OWN)
            self.tell(len(self.speaker), speaker, " ".join(f"{name}=" for name in one), list(one.values()))
            self.speaker.append(speaker)
            self.start.append(start)
            self.end.append(end)
        elif tag in self.runs.marks(SEGMENTS):
            self.take_run(*cast(tuple[list[str], ...], self.runs.take(given[1])))
        elif tag in _TAKEN:
            _TAKEN[tag](self, dict(_pairs(given)))

    def take_run(self, speakers: list[str], more: list[str], start: list[str], end: list[str]) -> None:
        for segment, attributes in enumerate(more, len(self.speaker)):
            if attributes:
                self.tell(segment, speakers[segment - len(self.speaker)], *_split(attributes))
        self.speaker += speakers
        self.start += start
        self.end += end

    def tell(self, segment: int, speaker: str, names: str, values: Sequence[str]) -> None:
        """What LENA counted and heard inside a segment, by its attributes."""
        plan = self.plans.get((speaker, names))
        if plan is None:
            plan = self.plans[speaker, names] = self._plan(speaker, names)
        for kind, heard, at, until in plan:
            if heard:
                self.sound.append(len(self.told))
                self.begins.append(values[at])
                self.ends.append(values[until] if until != NONE else "")
            self.told.append(segment)
            self.kind.append(kind)
            self.value.append(heard or values[at])

    def _plan(self, speaker: str, names: str) -> Plan:
        """Raises NotReadable for an attribute that stands there twice."""
        keys = [name.removesuffix("=") for name in names.split()]
        place = {key: at for at, key in enumerate(keys)}
        if len(place) < len(keys):
            raise NotReadable("an attribute stands there twice", place=self.name, remedy="check the file")
        plan: list[tuple[int, str, int, int]] = []
        for at, key in enumerate(keys if speaker in _PEOPLE else ()):
            closing, heard = ("", "") if key in _COUNTS else _SOUNDS.get(key[:8], ("", ""))
            if what := _COUNTS.get(key, heard):
                kind = Kind(f"{what}@{speaker}", f"segment {{}} {key if heard else what}")
                until = place.get(closing + key[8:], NONE)
                plan.append((self.kinds.setdefault(kind, len(self.kinds)), heard, at, until))
        return tuple(plan)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Every row in the file's order. gone: (n,) those without a time; said: what a row has in its place."""

    rows: Rows
    gone: Bools
    said: Callable[[int], tuple[str, str]]
    borders: list[int]  # the first row of each Recording


def read(data: bytes, name: str) -> Reading:
    """The whole file as one session, from the bytes of an .its file. Raises NotReadable."""
    document = _document(data, name)
    return _whole(document, _columns(document))


def read_all(data: bytes, name: str) -> tuple[Reading, ...]:
    """Each Recording as a session that begins at 0, in order. Raises NotReadable."""
    document = _document(data, name)
    columns = _columns(document)
    if len(columns.borders) == 1:
        return (_whole(document, columns),)
    stem, notes, rows = PurePath(name).stem, _notes(document), columns.rows
    return tuple(
        _reading(columns, slice(first, last), f"{stem}#{rows.values[rows.value[first]]}", name, notes, from_zero=True)
        for first, last in pairwise([*columns.borders, len(rows.tier)])
    )


def _whole(document: Document, columns: Columns) -> Reading:
    notes = _notes(document)
    if pauses := len(columns.borders) - 1:
        message = (
            f"the recorder was stopped {pauses} times between, and the audio goes on without a gap: "
            "sounds on both sides of such a place are no neighbours"
        )
        notes = [*notes, Issue("several-recordings", Severity.WARNING, document.name, message)]
    return _reading(columns, slice(0, len(columns.rows.tier)), PurePath(document.name).stem, document.name, notes)


def _notes(document: Document) -> list[Issue]:
    if not document.private:
        return []
    note = "the child's birth date, sex and ids have a place in this file; we left them out, and the dates too"
    return [Issue("private-left-out", Severity.NOTE, document.name, note)]


# The parts of a file, each taken as it comes by


def _document(data: bytes, name: str) -> Document:
    document = parsed(sound(data, name, DOCTYPE), PLAIN, partial(_walked, name))
    first = document.around[:1]
    if not first or first[0].tier != RECORDING or first[0].before:
        raise NotReadable(
            "its segments lie in no Recording", place=name, remedy="check that LENA finished processing it"
        )
    return document


def _walked(name: str, text: bytes, runs: Runs) -> Document:
    document = Document(name, runs)
    walk(text, name, root="ITS", skip="Bar", take=document.take)
    for _, more, *_ in cast(Iterator[tuple[list[str], ...]], runs.left()):  # inside a Bar
        for attributes in more:
            document.tell(NONE, "", *_split(attributes))
    return document


def _recording(document: Document, given: Mapping[str, str]) -> None:
    document.recordings += 1
    number = given.get("num") or str(document.recordings)
    _around(document, RECORDING, number, given, f"recording {number}")


def _conversation(document: Document, given: Mapping[str, str]) -> None:
    row_id = f"block {given.get('num', '')}"
    _around(document, CONVERSATION, given.get("type", ""), given, row_id)
    if turns := given.get("turnTaking"):
        _around(document, f"turns@{CONVERSATION}", turns, given, f"{row_id} turns")


def _around(document: Document, tier: str, value: str, given: Mapping[str, str], row_id: str) -> None:
    span = given.get("startTime", ""), given.get("endTime", "")
    document.around.append(Line(len(document.speaker), tier, value, *span, row_id))


def _private(document: Document, given: Mapping[str, str]) -> None:
    document.private += 1


_TAKEN: Mapping[str, Callable[[Document, Mapping[str, str]], None]] = {
    "Recording": _recording, "Conversation": _conversation, "PrimaryChild": _private, "ChildInfo": _private,
    "Child": _private,
}  # fmt: skip


def _split(attributes: str) -> tuple[str, list[str]]:
    """The names of attributes, and their values."""
    pieces = attributes.split('"')
    return "".join(pieces[::2]), pieces[1::2]


def _pairs(given: Sequence[str]) -> Iterable[tuple[str, str]]:
    return zip(given[::2], given[1::2], strict=True)


# Rows to sessions


def _columns(document: Document) -> Columns:
    """All rows in the file's order: what is around segments before them, and what hangs under one after it."""
    before, tier_of, value_of, start_of, end_of, id_of = zip(*document.around, strict=True)
    around, segments, told = len(before), len(document.speaker), np.array(document.told, np.int64)
    where = np.concatenate([np.array(before, np.int64), np.arange(segments), told])
    order = np.lexsort((np.repeat((0, 1, 2), (around, segments, len(told))), where))
    landed = np.empty(len(order), np.int64)
    landed[order] = np.arange(len(order))
    parent = np.full(len(order), NONE, np.int64)
    parent[around + segments :] = landed[around + told]
    turns = np.array([row for row, tier in enumerate(tier_of) if tier.startswith("turns@")], np.int64)
    parent[turns] = landed[turns - 1]
    starts, ends = [*start_of, *document.start], [*end_of, *document.end]
    start, end = (
        _with_sounds(_milliseconds(own), around, document, _milliseconds(sounds))
        for own, sounds in ((starts, document.begins), (ends, document.ends))
    )
    gone, kind = (np.isnan(start) | np.isnan(end))[order], np.array(document.kind, np.int64)
    tiers, tier = _numbered([*tier_of, *document.speaker, *(kind.tier for kind in document.kinds)])
    values, value = _numbered([*value_of, *document.speaker, *document.value])
    ids = Numbered(
        (*id_of, "segment {}", *(kind.row_id for kind in document.kinds)),
        np.concatenate([np.full(around, NONE), np.arange(1, segments + 1), told + 1]),
        np.concatenate([np.arange(around), np.full(segments, around), around + 1 + kind]).astype(np.int32),
    )
    rows = Rows(
        tuple(map(_tier, tiers)), values, np.append(tier[: around + segments], tier[around + segments :][kind])[order],
        value[order], _whole_ms(start)[order], _whole_ms(end)[order], ids[order], parent[order].astype(np.int32),
    )  # fmt: skip
    borders = landed[[row for row, tier in enumerate(tier_of) if tier == RECORDING]].tolist()
    return Columns(rows, gone, lambda row: _written(document, int(order[row]), starts, ends), borders)


def _with_sounds(own: Floats, around: int, document: Document, sounds: Floats) -> Floats:
    """Times of all rows: those with their `own`, and those that hang under a segment and have its, or a sound's."""
    hung = own[around + np.array(document.told, np.int64)]
    hung[document.sound] = sounds
    return np.append(own, hung)


def _written(document: Document, row: int, starts: Sequence[str], ends: Sequence[str]) -> tuple[str, str]:
    if row < len(starts):
        return starts[row], ends[row]
    told = row - len(starts)
    at = bisect_left(document.sound, told)
    if document.sound[at : at + 1] == [told]:
        return document.begins[at], document.ends[at]
    return document.start[document.told[told]], document.end[document.told[told]]


def _numbered(words: Sequence[str]) -> tuple[tuple[str, ...], Index]:
    known = {word: at for at, word in enumerate(dict.fromkeys(words))}
    return tuple(known), np.fromiter(map(known.__getitem__, words), np.int32, len(words))


def _reading(
    columns: Columns, part: slice, name: str, file: str, notes: Sequence[Issue], *, from_zero: bool = False
) -> Reading:
    """The rows of `part` as a session, on the clock of the audio or of its first row."""
    every, gone = columns.rows, columns.gone[part]
    tiers, tier_at = used(every.tier[part], every.tiers)
    begin = int(every.start[part.start]) if from_zero else 0
    parent = np.where(every.parent[part] == NONE, NONE, every.parent[part] - part.start).astype(np.int32)
    rows = Rows(
        tiers, every.values, tier_at[every.tier[part]], every.value[part], every.start[part] - begin,
        every.end[part] - begin, every.ids[part], parent,
    )  # fmt: skip
    lost = listed(
        "time-not-readable", Severity.WARNING, np.flatnonzero(gone).tolist(), rows.place,
        lambda row: "“{:.20}” to “{:.20}” is no time; left out".format(*columns.said(row + part.start)), file,
    )  # fmt: skip
    return reading(rows, name=name, format="lena", issues=[*notes, *lost], left_out=gone)


def _tier(name: str) -> Tier:
    kind, hangs, above = name.partition("@")
    return Tier(name, parent=above, kind=kind) if hangs else Tier(name, participant=name if name in _PEOPLE else "")


def _milliseconds(written: Sequence[str]) -> Floats:
    """LENA's "PT12.34S" in milliseconds, NaN where there is no such time."""
    text = pl.Series("text", written, pl.String).to_frame()
    seconds = pl.col("text").str.slice(2).str.strip_suffix("S").cast(pl.Float64, strict=False)
    found = text.select(pl.when(pl.col("text").str.contains(_TIME)).then(seconds).fill_null(np.nan)).to_series()
    ms: Floats = np.rint(found.to_numpy() * SECOND)
    return ms


def _whole_ms(ms: Floats) -> Ints:
    return np.where(np.isnan(ms), 0, ms).astype(np.int64)
