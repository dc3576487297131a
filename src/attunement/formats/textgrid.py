"""Praat text grids (.TextGrid), read: the long, the short and the chronological text form; labels are values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np

from attunement.clock import LONGEST_MS, SECOND
from attunement.errors import Issue, NotReadable, Severity
from attunement.events import NONE, Bools, Ints, Numbered, Reading, Tier
from attunement.formats.rows import Rows, listed, reading, show_time
from attunement.formats.text import LONGEST_FIELD, refuse_long_lines, utf8
from attunement.formats.textgrid_tokens import Floats, Tokens, tokens

BINARY = b"ooBinaryFile"
KIND = "TextGrid"
CHRONOLOGICAL = "Praat chronological TextGrid text file"
TIMES = {"IntervalTier": 2, "TextTier": 1}  # how many numbers stand before each label
ROW = {"IntervalTier": "interval", "TextTier": "point"}
FAR_MS = 2.0**53


@dataclass(slots=True)
class Grid:
    """What was found: per tier, in the file's order, its rows in each of `value`, `start`, `end`, `tier`."""

    name: str
    tiers: list[Tier] = field(default_factory=list)
    values: dict[str, int] = field(default_factory=dict)  # each label and its place among them
    number: list[Ints] = field(default_factory=list)  # from 1 in each tier
    value: list[Ints] = field(default_factory=list)
    tier: list[Ints] = field(default_factory=list)
    start: list[Floats] = field(default_factory=list)
    end: list[Floats] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    without_label: int = 0
    names: set[str] = field(default_factory=set)

    def warn(self, code: str, place: str, message: str) -> None:
        self.issues.append(Issue(code, Severity.WARNING, place, message))

    def add_tier(self, name: str, kind: str) -> None:
        """A tier without the spaces around its name: other programs pad names, and one name is one track."""
        tier = Tier(name.strip(), kind=kind)
        if tier.name != name:
            note = f"its name is written “{name[:40]}” and read without the spaces around it"
            self.issues.append(Issue("name-trimmed", Severity.NOTE, f"tier {tier.name}", note))
        if tier.name in self.names:
            self.warn("id-twice", f"tier {tier.name}", "two tiers have this name; they are read as one")
        self.names.add(tier.name)
        self.tiers.append(tier)

    def add_rows(self, tier: int, labels: Sequence[str], times: Floats) -> None:
        """Rows of one tier, `times` (n, 1 or 2); those without a label are counted, for they say: nothing here."""
        start, end = times[:, 0], times[:, -1].copy()
        if times.shape[1] > 1:
            _meet(start, end)
        for label in dict.fromkeys(labels):
            self.values.setdefault(label, len(self.values))
        value = np.fromiter(map(self.values.__getitem__, labels), np.int64, len(labels))
        blank = [at for label, at in self.values.items() if not label or label.isspace()]
        kept = np.flatnonzero(~np.isin(value, blank))
        self.without_label += len(labels) - len(kept)
        self.number.append(kept + 1)
        self.value.append(value[kept])
        self.tier.append(np.full(len(kept), tier))
        self.start.append(start[kept])
        self.end.append(end[kept])


def read(data: bytes, name: str) -> Reading:
    """A session from the bytes of a text grid: tiers are actors, labels are codes. Raises NotReadable.

    Rows without a label are left out and counted. A row that lasts less than a millisecond into the next one of its
    tier, as Praat itself writes them, ends where that one begins.
    """
    if data.startswith(BINARY):
        raise NotReadable(
            "it is in Praat's binary form", place=name, remedy="open it in Praat and choose “Save as text file...”"
        )
    text = utf8(data, name)
    refuse_long_lines(text, name)
    found = tokens(text)
    _refuse_other_kinds(found.strings, name)
    grid = Grid(name)
    if found.strings[:1] == [CHRONOLOGICAL]:
        lasts = _chronological(found, grid)
    else:
        lasts = _by_tier(found, grid)
    if found.cut:
        grid.issues.append(
            Issue("file-cut", Severity.ERROR, name, "it ends inside a label, so the end of the file is not there")
        )
    return _reading(grid, lasts)


def _refuse_other_kinds(strings: Sequence[str], name: str) -> None:
    kind = strings[1] if len(strings) > 1 and strings[0].startswith("ooTextFile") else KIND
    if kind != KIND:
        raise NotReadable(
            f"it holds Praat's “{kind[:40]}” and no text grid", place=name, remedy="save the TextGrid alone from Praat"
        )


def _by_tier(found: Tokens, grid: Grid) -> float:
    """The long and the short form, which are one when read by their tokens; the answer is when the grid ends."""
    strings, counts = found.strings, np.diff(found.first)
    before, after = counts[: max(len(strings) - 1, 0)], counts[1 : max(len(strings), 1)]
    few = ((before == 0) | (before == 3)) & (after == 0)  # three: the grid's own, or those of a tier without rows
    begins = [at for at in np.flatnonzero(few).tolist() if strings[at] in TIMES]
    if not begins:
        raise NotReadable(
            "it holds no tiers", place=grid.name, remedy="open it in Praat and choose “Save as text file...”"
        )
    for tier, (at, following) in enumerate(zip(begins, [*begins[1:], len(strings)], strict=True)):
        _add_tier(found, grid, tier, (at, following), counts)
    head = found.before(begins[0])
    if len(head) == 3 and head[2] != len(begins):
        grid.warn("size-differs", grid.name, f"it announces {_number(head[2])} tiers and holds {len(begins)}")
    return _begins_late(head, grid) if len(head) > 1 else np.nan


def _add_tier(found: Tokens, grid: Grid, tier: int, strings_at: tuple[int, int], counts: Ints) -> None:
    """The tier whose strings stand at `strings_at`: its kind, its name, then a label each row."""
    at, following = strings_at
    strings, kind = found.strings, found.strings[at]
    width, rows = TIMES[kind], np.arange(at + 2, following)
    grid.add_tier(strings[at + 1], kind)
    place = f"tier {grid.tiers[tier].name}"
    announced = found.before(at + 2)[:3] if at + 2 <= len(strings) else []
    if len(announced) == 3 and announced[2] != len(rows):
        grid.warn("size-differs", place, f"it announces {_number(announced[2])} rows and holds {len(rows)}")
    given = counts[rows]
    fit = given == width
    fit[:1] = given[:1] == width + 3  # before the first one stand the tier's own numbers
    times = np.full((len(rows), width), np.nan)
    times[fit] = found.numbers[found.first[rows[fit] + 1][:, None] - np.arange(width, 0, -1)]
    grid.add_rows(tier, strings[at + 2 : following], times)


def _begins_late(head: Sequence[float], grid: Grid) -> float:
    if head[0] > 0:
        begins = show_time(_whole(np.array(head[:1]))[0])
        grid.warn("begins-late", grid.name, f"it begins at {begins}; what was before is not in it, yet counts as time")
    return head[1]


def _chronological(found: Tokens, grid: Grid) -> float:
    """The form in which rows of all tiers come by time, each with the number of its tier; the answer is the grid's end."""
    strings = found.strings
    at, head = 1, found.before(1)
    while at + 1 < len(strings) and strings[at] in TIMES and (at == 1 or len(found.before(at)) == 2):
        grid.add_tier(strings[at + 1], strings[at])
        at += 2
    if not grid.tiers:
        raise NotReadable("it holds no tiers", place=grid.name, remedy="save it again in Praat")
    rows: list[tuple[list[str], list[list[float]]]] = [([], []) for _ in grid.tiers]
    strange = 0
    for string in range(at, len(strings)):
        numbers = found.before(string)[2 if string == at else 0 :]
        tier = int(numbers[0]) - 1 if numbers and numbers[0] in range(1, len(grid.tiers) + 1) else NONE
        if tier == NONE or len(numbers) != 1 + TIMES[grid.tiers[tier].kind]:
            strange += 1
            continue
        rows[tier][0].append(strings[string])
        rows[tier][1].append(numbers[1:])
    if strange:
        grid.warn("row-not-read", grid.name, f"{strange} labels have no tier and times before them; left out")
    for tier, (labels, times) in enumerate(rows):
        width = TIMES[grid.tiers[tier].kind]
        grid.add_rows(tier, labels, np.array(times, np.float64).reshape(-1, width))
    return _begins_late(head, grid) if len(head) > 1 else np.nan


def _meet(start: Floats, end: Floats) -> None:
    """Ends rows where the next begins if they run over by less than a millisecond; NaN never does."""
    over = end[:-1] - start[1:]
    close = (over > 0) & (over < 1 / SECOND) & (start[1:] >= start[:-1])
    end[:-1][close] = start[1:][close]


def _whole(seconds: Floats) -> Ints:
    """Whole milliseconds, 0 for NaN."""
    return np.rint(np.clip(np.nan_to_num(seconds * SECOND), -FAR_MS, FAR_MS)).astype(np.int64)


def _number(size: float) -> str:
    return f"{size:.0f}" if abs(size) < FAR_MS else "too many"


def _reading(grid: Grid, lasts: float) -> Reading:
    start, end = np.concatenate(grid.start), np.concatenate(grid.end)
    known, value = tuple(grid.values), np.concatenate(grid.value).astype(np.int32)
    tier, parent = np.concatenate(grid.tier).astype(np.int32), np.full(len(value), NONE, np.int32)
    kinds = tuple(ROW)
    which = np.array([kinds.index(one.kind) for one in grid.tiers], np.int32)[tier]
    ids = Numbered(tuple(ROW.values()), np.concatenate(grid.number), which)
    rows = Rows(tuple(grid.tiers), known, tier, value, _whole(start), _whole(end), ids, parent)
    issues = [*grid.issues, *_without_label(grid)]
    left_out = np.isnan(start) | np.isnan(end)
    issues += _said("row-not-read", left_out, rows, "what stands before its label is no time; left out", grid)
    lengths = np.fromiter(map(len, known), np.int64, len(known))[value]
    long = (lengths > LONGEST_FIELD) & ~left_out
    issues += _said("value-too-long", long, rows, "its label is longer than 64 KB; left out", grid)
    whole = _whole(np.array([lasts]))[0]
    return reading(
        rows, name=PurePath(grid.name).stem, format="textgrid", issues=issues, left_out=left_out | long,
        lasts_ms=int(whole) if whole <= LONGEST_MS else 0,
    )  # fmt: skip


def _said(code: str, wrong: Bools, rows: Rows, why: str, grid: Grid) -> list[Issue]:
    return listed(code, Severity.WARNING, np.flatnonzero(wrong).tolist(), rows.place, lambda row: why, grid.name)


def _without_label(grid: Grid) -> list[Issue]:
    if not grid.without_label:
        return []
    note = f"{grid.without_label} rows have no label; they say that nothing was there, and are left out"
    return [Issue("no-label", Severity.NOTE, grid.name, note)]
