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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath

import numpy as np

from attunement.clock import SECOND
from attunement.errors import Issue, NotReadable, Severity
from attunement.events import NONE, Bools, Index, Ints, Reading, Tier
from attunement.formats.rows import Rows, listed, reading
from attunement.formats.xml_tags import walk

RECORDING, CONVERSATION = "recording", "conversation"

_DOCTYPE = re.compile(rb"<!DOCTYPE\s+ITS\s+SYSTEM\s+\"its\.dtd\"\s*>")  # every file names it; it is nowhere to be had
_PEOPLE = frozenset(("CHN", "CHF", "FAN", "MAN", "FAF", "MAF", "CXN", "CXF"))  # the rest have nothing more to tell
_COUNTS = {"childUttCnt": "utterances", "femaleAdultWordCnt": "words", "maleAdultWordCnt": "words",
           "conversationInfo": "conversation"}  # fmt: skip
_SOUNDS = {"startUtt": ("endUtt", "speechlike"), "startCry": ("endCry", "cry"), "startVfx": ("endVfx", "fixed")}
_TIME = re.compile(r"PT(\d{1,9}(?:\.\d{1,9})?)S", re.ASCII)
_TIMES = re.compile(r"(?:PT[0-9.]{1,19}S(?:\n|\Z))*")  # each a line; a number with two points is found when it is taken
_MOST_KEPT = 256  # segments as expat gives them, before they become rows


@dataclass(slots=True)
class Document:
    """One item in each list for a row, as written."""

    name: str
    tier: list[str] = field(default_factory=list)
    value: list[str] = field(default_factory=list)
    start: list[str] = field(default_factory=list)
    end: list[str] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    borders: list[int] = field(default_factory=list)  # the first row of each Recording
    waiting: list[list[str]] = field(default_factory=list)  # segments that are no rows yet
    segments: int = 0
    private: int = 0

    def add(self, tier: str, value: str, start: str, end: str, parent: int, row_id: str) -> None:
        self.tier.append(tier)
        self.value.append(value)
        self.start.append(start)
        self.end.append(end)
        self.parent.append(parent)
        self.ids.append(row_id)

    def take(self, tag: str, given: list[str]) -> None:
        if len(self.waiting) > _MOST_KEPT:
            _segments(self)
        if tag in _TAKEN:
            _TAKEN[tag](self, dict(_pairs(given)))


def read(data: bytes, name: str) -> Reading:
    """The whole file as one session, from the bytes of an .its file. Raises NotReadable."""
    document = _document(data, name)
    return _whole(document, _notes(document))


def read_all(data: bytes, name: str) -> tuple[Reading, ...]:
    """Each Recording as a session that begins at 0, in order. Raises NotReadable."""
    document = _document(data, name)
    notes, borders = _notes(document), document.borders
    if len(borders) == 1:
        return (_whole(document, notes),)
    stem = PurePath(name).stem
    return tuple(
        _reading(document, slice(first, last), f"{stem}#{document.value[first]}", notes, from_zero=True)
        for first, last in zip(borders, [*borders[1:], len(document.tier)], strict=True)
    )


def _whole(document: Document, notes: list[Issue]) -> Reading:
    if pauses := len(document.borders) - 1:
        message = (
            f"the recorder was stopped {pauses} times between, and the audio goes on without a gap: "
            "sounds on both sides of such a place are no neighbours"
        )
        notes = [*notes, Issue("several-recordings", Severity.WARNING, document.name, message)]
    return _reading(document, slice(0, len(document.tier)), PurePath(document.name).stem, notes)


def _notes(document: Document) -> list[Issue]:
    if not document.private:
        return []
    note = "the child's birth date, sex and ids have a place in this file; we left them out, and the dates too"
    return [Issue("private-left-out", Severity.NOTE, document.name, note)]


# The parts of a file, each taken as it comes by


def _document(data: bytes, name: str) -> Document:
    document = Document(name)
    walk(
        data, name, root="ITS", skip="Bar", common=("Segment", document.waiting.append), take=document.take,
        doctype=_DOCTYPE,
    )  # fmt: skip
    _segments(document)
    if not document.borders or document.borders[0]:
        raise NotReadable(
            "its segments lie in no Recording", place=name, remedy="check that LENA finished processing it"
        )
    return document


def _recording(document: Document, given: Mapping[str, str]) -> None:
    _segments(document)
    document.borders.append(len(document.tier))
    number = given.get("num") or str(len(document.borders))
    document.add(RECORDING, number, given.get("startTime", ""), given.get("endTime", ""), NONE, f"recording {number}")


def _conversation(document: Document, given: Mapping[str, str]) -> None:
    start, end, row_id = given.get("startTime", ""), given.get("endTime", ""), f"block {given.get('num', '')}"
    document.add(CONVERSATION, given.get("type", ""), start, end, NONE, row_id)
    if turns := given.get("turnTaking"):
        document.add(f"turns@{CONVERSATION}", turns, start, end, len(document.tier) - 1, f"{row_id} turns")


def _private(document: Document, given: Mapping[str, str]) -> None:
    document.private += 1


_TAKEN: Mapping[str, Callable[[Document, Mapping[str, str]], None]] = {
    "Recording": _recording, "Conversation": _conversation, "PrimaryChild": _private, "ChildInfo": _private,
    "Child": _private,
}  # fmt: skip


def _segments(document: Document) -> None:
    """Makes rows of the segments that wait: their own, then those that hang under them."""
    waiting, first, seen = document.waiting, len(document.tier), document.segments
    if {(one[0], one[-4], one[-2]) if len(one) > 5 else () for one in waiting} <= {("spkr", "startTime", "endTime")}:
        speakers, start, end = ([one[at] for one in waiting] for at in (1, -3, -1))
    else:  # attributes in an order that LENA's own programs do not write
        named = [dict(_pairs(one)) for one in waiting]
        speakers, start, end = ([one.get(key, "") for one in named] for key in ("spkr", "startTime", "endTime"))
    document.tier += speakers
    document.value += speakers
    document.start += start
    document.end += end
    document.parent += [NONE] * len(waiting)
    document.ids += [f"segment {number}" for number in range(seen + 1, seen + len(waiting) + 1)]
    document.segments = seen + len(waiting)
    for at, given in enumerate(waiting):
        if speakers[at] in _PEOPLE:
            _told(document, given, first + at)
    waiting.clear()


def _pairs(given: Sequence[str]) -> Iterator[tuple[str, str]]:
    both = iter(given)
    return zip(both, both, strict=True)


def _told(document: Document, given: list[str], row: int) -> None:
    """What LENA counted and heard inside a segment, under its row."""
    add, speaker, row_id = document.add, document.tier[row], document.ids[row]
    start, end = document.start[row], document.end[row]
    for at in range(0, len(given), 2):
        what, closing = _meaning(given[at])
        if what and not closing:
            add(f"{what}@{speaker}", given[at + 1], start, end, row, f"{row_id} {what}")
        elif what:
            stop = given[given.index(closing) + 1] if closing in given else ""
            add(f"{what}@{speaker}", what, given[at + 1], stop, row, f"{row_id} {given[at]}")


@lru_cache(maxsize=1_024)
def _meaning(key: str) -> tuple[str, str]:
    """What an attribute tells, and for a sound the attribute that says when it ends; "" for what we do not read."""
    if key in _COUNTS:
        return _COUNTS[key], ""
    closing, what = _SOUNDS.get(key[:8], ("", ""))
    return what, closing + key[8:] if what else ""


# Rows to sessions


def _reading(document: Document, part: slice, name: str, notes: Sequence[Issue], *, from_zero: bool = False) -> Reading:
    """The rows of `part` as a session, on the clock of the audio or of its first row."""
    tiers, tier = _numbered(document.tier[part])
    values, value = _numbered(document.value[part])
    start, end, gone = _milliseconds(document.start[part], document.end[part])
    begin = int(start[0]) if from_zero else 0
    parent = np.array(document.parent[part], np.int32)
    parent[parent != NONE] -= part.start
    named = tuple(map(_tier, tiers))
    rows = Rows(named, values, tier, value, start - begin, end - begin, document.ids[part], parent)
    lost = listed(
        "time-not-readable", Severity.WARNING, np.flatnonzero(gone).tolist(), rows.place,
        lambda row: f"“{document.start[part][row][:20]}” to “{document.end[part][row][:20]}” is no time; left out",
        document.name,
    )  # fmt: skip
    return reading(rows, name=name, format="lena", issues=[*notes, *lost], left_out=gone)


def _tier(name: str) -> Tier:
    kind, hangs, above = name.partition("@")
    return Tier(name, parent=above, kind=kind) if hangs else Tier(name, participant=name if name in _PEOPLE else "")


def _numbered(words: Sequence[str]) -> tuple[tuple[str, ...], Index]:
    known = {word: at for at, word in enumerate(dict.fromkeys(words))}
    return tuple(known), np.fromiter(map(known.__getitem__, words), np.int32, len(words))


def _milliseconds(start: Sequence[str], end: Sequence[str]) -> tuple[Ints, Ints, Bools]:
    """LENA's "PT12.34S" in whole milliseconds, and (n,) which rows have no such time."""
    written = list(dict.fromkeys([*start, *end]))  # one segment's end is the next one's start
    try:
        seconds = [float(one[2:-1]) for one in written] if _TIMES.fullmatch("\n".join(written)) else _careful(written)
    except ValueError:
        seconds = _careful(written)
    ms = np.rint(np.array(seconds) * SECOND)
    gone = np.isnan(ms)
    times = np.where(gone, 0, ms).astype(np.int64)
    place = dict(zip(written, range(len(written)), strict=True))
    first = np.fromiter(map(place.__getitem__, start), np.int32, len(start))
    last = np.fromiter(map(place.__getitem__, end), np.int32, len(end))
    return times[first], times[last], gone[first] | gone[last]


def _careful(written: Sequence[str]) -> list[float]:
    """Seconds, NaN where there are none."""
    found = map(_TIME.fullmatch, written)
    return [float(time[1]) if time else float("nan") for time in found]
