"""ELAN annotation documents (.eaf), read: every kind of tier, with what was met on the way as issues."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import compress
from pathlib import PurePath
from typing import cast

import numpy as np
import numpy.typing as npt
from lxml import etree

from attunement.clock import LONGEST_MS
from attunement.errors import Issue, Severity
from attunement.events import NONE, Bools, Index, Ints, Reading, Tier
from attunement.formats import elan_times
from attunement.formats.elan_vocabulary import Vocabulary, check_values, resolve
from attunement.formats.rows import Rows, listed, reading, refuse_circles
from attunement.formats.xml import parts, sound
from attunement.formats.xml_runs import BETWEEN, GAP, MARK, QUOTED, Columns, Runs, parsed

ROOT = "ANNOTATION_DOCUMENT"
FRAME_MS = {"PAL-frames": 40.0, "NTSC-frames": 1001 / 30}
MOST_DIGITS = 15
FAR_MS = 2**53  # a time with more digits than any clock has; it becomes an issue like any other late one

SLOTS, ALIGNED, REFERRING = "slots", "aligned", "referring"  # what runs of plain elements hold

_WHOLE = re.compile(r"(?:-?[0-9]+)?\Z")


def _row(tag: str, attributes: str) -> re.Pattern[str]:
    value = f"<ANNOTATION_VALUE>{BETWEEN}</ANNOTATION_VALUE>"
    return re.compile(f"<ANNOTATION>{GAP}*+<{tag}{attributes}{GAP}*+>{GAP}*+{value}{GAP}*+</{tag}>{GAP}*+</ANNOTATION>")


def _attribute(name: str, how_often: str = "") -> str:
    return f"(?:{GAP}++{name}={QUOTED}){how_often}"


PLAIN = {
    SLOTS: re.compile(f"<TIME_SLOT{_attribute('TIME_SLOT_ID')}{_attribute('TIME_VALUE', '?+')}{GAP}*+/>"),
    ALIGNED: _row(
        "ALIGNABLE_ANNOTATION",
        _attribute("ANNOTATION_ID") + _attribute("CVE_REF", "?+")
        + _attribute("TIME_SLOT_REF1") + _attribute("TIME_SLOT_REF2"),
    ),
    REFERRING: _row(
        "REF_ANNOTATION",
        _attribute("ANNOTATION_ID") + _attribute("ANNOTATION_REF")
        + _attribute("CVE_REF", "?+") + _attribute("PREVIOUS_ANNOTATION", "?+"),
    ),
}  # fmt: skip  # as ELAN writes them


Maybe = Sequence[str | None]
Annotations = tuple[Sequence[str], Sequence[bool], Sequence[str], Maybe, Maybe, Sequence[str]]  # as in Document


@dataclass(slots=True)
class Document:
    """The parts of one file as they come by. Per annotation, in the file's order, one item in each list."""

    name: str
    runs: Runs
    slots: dict[str, int] = field(default_factory=dict)  # the place of each id in `slot_ms`
    slot_ms: list[int] = field(default_factory=list)  # or elan_times.UNSET
    tiers: list[Tier] = field(default_factory=list)
    bounds: list[int] = field(default_factory=lambda: [0])  # a tier's rows are bounds[at] to bounds[at + 1]
    ids: list[str] = field(default_factory=list)
    aligned: list[bool] = field(default_factory=list)
    first: list[str] = field(default_factory=list)  # where it begins, or the annotation it hangs under
    second: list[str | None] = field(default_factory=list)  # where it ends, or the sibling before it
    entry: list[str | None] = field(default_factory=list)  # of a vocabulary
    values: list[str] = field(default_factory=list)
    vocabulary_of_kind: dict[str, str] = field(default_factory=dict)
    vocabularies: dict[str, Vocabulary] = field(default_factory=dict)
    media: list[str] = field(default_factory=list)
    frame_ms: float = 1.0
    issues: list[Issue] = field(default_factory=list)

    def add(self, annotations: Annotations) -> None:
        ids, aligned, first, second, entry, values = annotations
        self.ids += ids
        self.aligned += aligned
        self.first += first
        self.second += second
        self.entry += entry
        self.values += values

    def place(self, row: int) -> str:
        return f"{self.tiers[bisect_right(self.bounds, row) - 1].name} {self.ids[row]}".strip() or f"row {row + 1}"

    def rows(self, tier: int, wanted: Bools) -> npt.NDArray[np.intp]:
        """The rows of a tier that are `wanted` (n,)."""
        begin, end = self.bounds[tier], self.bounds[tier + 1]
        return np.flatnonzero(wanted[begin:end]) + begin

    def say(self, code: str, at: list[int], why: str, severity: Severity = Severity.WARNING) -> None:
        """One issue for each of the rows `at`."""
        self.issues += listed(code, severity, at, self.place, lambda row: why, self.name)

    def note(self, code: str, place: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.issues.append(Issue(code, severity, place, message))


def read(data: bytes, name: str) -> Reading:
    """A session from the bytes of an .eaf file: tiers are actors, values as written are codes. Raises NotReadable."""
    document = parsed(sound(data, name), PLAIN, partial(_document, name))
    _check_tiers(document)
    tier = np.repeat(np.arange(len(document.tiers), dtype=np.int32), np.diff(document.bounds))
    parent, hangs_nowhere = _parents(document)
    start, end, without_time = _times(document, tier, parent, hangs_nowhere)
    _leave_other_tiers(document, tier, parent)
    values = resolve(document.values, document.entry, document)
    rows = _rows(document, values, tier, start, end, parent)
    _hang_by_time(document, rows, without_time)
    check_values(rows, document)
    return reading(
        rows, name=PurePath(name).stem, format="elan", issues=document.issues, media=document.media,
        left_out=without_time, lasts_ms=_lasts(document, end[~without_time]),
    )  # fmt: skip


def _document(name: str, text: bytes, runs: Runs) -> Document:
    document = Document(name, runs)
    for element in parts(text, name, root=ROOT, tags=tuple(_TAKEN)):
        _TAKEN[str(element.tag)](document, element)
    return document


def _rows(document: Document, values: list[str], tier: Index, start: Ints, end: Ints, parent: Index) -> Rows:
    known = {value: at for at, value in enumerate(dict.fromkeys(values))}
    value = np.fromiter(map(known.__getitem__, values), np.int32, len(values))
    return Rows(tuple(document.tiers), tuple(known), tier, value, start, end, document.ids, parent)


# The parts of a file, each taken as it comes by


def _header(document: Document, element: etree._Element) -> None:
    units = element.get("TIME_UNITS", "milliseconds")
    if units in FRAME_MS:
        document.frame_ms = FRAME_MS[units]
        document.note("unit-taken", document.name, f"times are {units}, read as {FRAME_MS[units]:.2f} ms each")
    elif units != "milliseconds":
        document.note("unit-not-stated", document.name, f"times are “{units[:40]}”, read as milliseconds")
    for medium in element.iter("MEDIA_DESCRIPTOR"):
        url = medium.get("MEDIA_URL", "")
        document.media.append(url)
        if medium.get("TIME_ORIGIN", "0") != "0":
            message = f"this recording's own time {medium.get('TIME_ORIGIN')} ms is time 0 here"
            document.note("media-offset", PurePath(url).name or document.name, message, Severity.NOTE)


def _time_order(document: Document, element: etree._Element) -> None:
    ids: list[str] = []
    written: list[str] = []
    for item in element.iter("TIME_SLOT", *document.runs.marks(SLOTS)):
        if item.tag == "TIME_SLOT":
            ids.append(item.get("TIME_SLOT_ID", ""))
            written.append(item.get("TIME_VALUE", ""))
        else:
            named, times = cast(tuple[list[str], list[str | None]], document.runs.take(item.get("n", "")))
            ids += named
            written += [time or "" for time in times]
    plain = "".join(written)
    if not (plain.isdecimal() and plain.isascii()):
        ids, written = _readable(document, ids, written)
    if document.frame_ms == 1 and len(max(written, key=len, default="")) <= MOST_DIGITS:
        ms = [int(time) if time else elan_times.UNSET for time in written]
    else:
        ms = [_milliseconds(time, document.frame_ms) for time in written]
    _take_slots(document, ids, ms)


def _take_slots(document: Document, ids: list[str], ms: list[int]) -> None:
    known = len(document.slots)
    slots = dict(zip(ids, range(known, known + len(ids)), strict=True))
    if len(slots) < len(ids) or not document.slots.keys().isdisjoint(slots):
        if len(slots) < len(ids):
            message = f"{len(ids) - len(slots)} time slots have the id of another one; the last one counts"
            document.note("id-twice", document.name, message)
        times = dict(zip(document.slots, document.slot_ms, strict=True)) | dict(zip(ids, ms, strict=True))
        document.slots, document.slot_ms = {slot: at for at, slot in enumerate(times)}, list(times.values())
        return
    document.slots |= slots
    document.slot_ms += ms


def _readable(document: Document, ids: list[str], written: list[str]) -> tuple[list[str], list[str]]:
    """The slots whose time is a whole number, or not set; the others are said."""
    readable = [_WHOLE.match(time) is not None for time in written]
    wrong = [at for at, good in enumerate(readable) if not good]
    document.issues += listed(
        "time-not-readable", Severity.WARNING, wrong, lambda at: f"time slot {ids[at]}",
        lambda at: f"“{written[at][:40]}” is no whole number; what rests on it is left out", document.name,
    )  # fmt: skip
    return list(compress(ids, readable)), list(compress(written, readable))


def _milliseconds(value: str, frame_ms: float) -> int:
    if not value:
        return elan_times.UNSET
    if len(value) > MOST_DIGITS:
        return -FAR_MS if value.startswith("-") else FAR_MS
    return round(int(value) * frame_ms)


def _tier(document: Document, element: etree._Element) -> None:
    get, seen = element.get, len(document.ids)
    document.tiers.append(
        Tier(
            name=get("TIER_ID", ""), participant=get("PARTICIPANT", ""), annotator=get("ANNOTATOR", ""),
            parent=get("PARENT_REF", ""), kind=get("LINGUISTIC_TYPE_REF", ""),
        )
    )  # fmt: skip
    for item in element.iter("ANNOTATION_VALUE", *_ONE, *document.runs.marks(*_RUN)):
        if item.tag == "ANNOTATION_VALUE":
            if len(document.ids) > seen:
                document.values[-1] = item.text or ""
        else:
            tag = str(item.tag)
            document.add(
                _ONE[tag](item) if tag in _ONE else _RUN[tag.removeprefix(MARK)](document.runs.take(item.get("n", "")))
            )
    document.bounds.append(len(document.ids))


def _aligned(item: etree._Element) -> Annotations:
    get = item.get
    times = [get("TIME_SLOT_REF1", "")], [get("TIME_SLOT_REF2", "")]
    return [get("ANNOTATION_ID", "")], [True], *times, [get("CVE_REF")], [""]


def _referring(item: etree._Element) -> Annotations:
    get = item.get
    refers = [get("ANNOTATION_REF", "")], [get("PREVIOUS_ANNOTATION")]
    return [get("ANNOTATION_ID", "")], [False], *refers, [get("CVE_REF")], [""]


def _aligned_run(columns: Columns) -> Annotations:
    ids, entry, first, second, values = columns
    return cast(Annotations, (ids, [True] * len(ids), first, second, entry, values))


def _referring_run(columns: Columns) -> Annotations:
    ids, first, entry, second, values = columns
    return cast(Annotations, (ids, [False] * len(ids), first, second, entry, values))


_ONE = {"ALIGNABLE_ANNOTATION": _aligned, "REF_ANNOTATION": _referring}
_RUN = {ALIGNED: _aligned_run, REFERRING: _referring_run}


def _linguistic_type(document: Document, element: etree._Element) -> None:
    if vocabulary := element.get("CONTROLLED_VOCABULARY_REF"):
        document.vocabulary_of_kind[element.get("LINGUISTIC_TYPE_ID", "")] = vocabulary


def _vocabulary(document: Document, element: etree._Element) -> None:
    entries = [
        (entry.get("CVE_ID", ""), tuple(value.text or "" for value in entry.iter("CVE_VALUE")))
        for entry in element.iter("CV_ENTRY_ML")
    ]
    entries += [(entry.get("CVE_ID", ""), (entry.text or "",)) for entry in element.iter("CV_ENTRY")]  # before 2.8
    elsewhere = element.get("EXT_REF") is not None
    document.vocabularies[element.get("CV_ID", "")] = Vocabulary(tuple(entries), elsewhere)


_TAKEN: Mapping[str, Callable[[Document, etree._Element], None]] = {
    "HEADER": _header, "TIME_ORDER": _time_order, "TIER": _tier, "LINGUISTIC_TYPE": _linguistic_type,
    "CONTROLLED_VOCABULARY": _vocabulary,
}  # fmt: skip


# What the parts say together


def _check_tiers(document: Document) -> None:
    parent_of: dict[str, str] = {}
    for tier in document.tiers:
        if tier.name in parent_of:
            document.note("id-twice", f"tier {tier.name}", "two tiers have this name; they are read as one")
        parent_of.setdefault(tier.name, tier.parent)
    refuse_circles(document.tiers, document.name)
    for at, tier in enumerate(document.tiers):
        parent = parent_of[tier.name]  # two tiers that are read as one hang where the first one does
        if parent and parent not in parent_of:
            document.note("dangling-reference", f"tier {tier.name}", f"its parent tier “{parent}” is not in the file")
            parent = ""
        if parent != tier.parent:
            document.tiers[at] = replace(tier, parent=parent)


def _parents(document: Document) -> tuple[Index, Bools]:
    """For each row the row that it refers to, and (n,) whether its reference leads nowhere."""
    ids, count = document.ids, len(document.ids)
    at = dict(zip(reversed(ids), range(count - 1, -1, -1), strict=True))
    if len(at) < count:
        twice = [row for row, name in enumerate(ids) if at[name] != row]
        document.say("id-twice", twice, "an earlier annotation has the same id; references mean the earlier one")
    refers = ~np.array(document.aligned, np.bool_)
    parent = np.full(count, NONE, np.int32)
    parent[refers] = [at.get(name, NONE) for name in compress(document.first, refers.tolist())]
    nowhere = refers & (parent == NONE)
    document.say("dangling-reference", np.flatnonzero(nowhere).tolist(), "what it hangs under is not there; left out")
    return parent, nowhere


def _times(document: Document, tier: Index, parent: Index, nowhere: Bools) -> tuple[Ints, Ints, Bools]:
    """Start and end of each row, and (n,) which rows are left out because they have none."""
    count, aligned = len(tier), np.array(document.aligned, np.bool_)
    start, end = np.full(count, elan_times.UNSET), np.full(count, elan_times.UNSET)
    gone = nowhere.copy()
    spans = elan_times.aligned_spans(document, np.flatnonzero(aligned), tier)
    start[aligned], end[aligned] = spans.start, spans.end
    gone[aligned] |= spans.without_time
    share, shares = elan_times.sibling_shares(document, tier, parent)
    orphans = elan_times.inherit(document, start, end, gone, parent, share, shares)
    document.say("dangling-reference", orphans, "what it hangs under was left out, so it has no time; left out")
    return start, end, gone


def _lasts(document: Document, end: Ints) -> int:
    """The last time slot that no annotation uses, as `convert` writes it at a recording's end; 0 where none is later."""
    last, times = int(end.max(initial=0)), np.array(document.slot_ms, np.int64)
    late = np.flatnonzero((times > last) & (times <= LONGEST_MS))
    if not len(late):
        return 0
    used = {*document.first, *document.second}
    ids = list(document.slots)
    return max((int(times[at]) for at in late.tolist() if ids[at] not in used), default=0)


def _leave_other_tiers(document: Document, tier: Index, parent: Index) -> None:
    """Takes rows off those that lie in another tier than the one their own tier hangs under."""
    names = {name: at for at, name in enumerate(dict.fromkeys(one.name for one in document.tiers), 1)}
    own = np.array([names[one.name] for one in document.tiers], np.int32)
    above = np.array([names.get(one.parent, 0) for one in document.tiers], np.int32)
    hung = np.flatnonzero(parent != NONE)
    wrong = hung[own[tier[parent[hung]]] != above[tier[hung]]]
    why = "what it hangs under is in another tier than its tier's parent; it keeps that time and does not hang there"
    document.say("dangling-reference", wrong.tolist(), why)
    parent[wrong] = NONE


def _hang_by_time(document: Document, rows: Rows, gone: Bools) -> None:
    """Sets the parent of rows with times of their own in dependent tiers: the row of the parent tier around them."""
    of_tier = {tier.name: at for at, tier in reversed(list(enumerate(document.tiers)))}
    sound = ~gone & (rows.start >= 0) & (rows.end >= rows.start)
    free = sound & (rows.parent == NONE)
    for at, tier in enumerate(document.tiers):
        if tier.parent and free[document.bounds[at] : document.bounds[at + 1]].any():
            own = document.rows(at, free)
            around = document.rows(of_tier[tier.parent], sound)
            rows.parent[own] = elan_times.containers(rows, own, around)
            outside = own[rows.parent[own] == NONE].tolist()
            document.say("outside-parent", outside, f"no row of tier {tier.parent} lasts as long; it hangs under none")
