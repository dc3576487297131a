"""BORIS's exports (CSV, TSV): a press a row below a preamble, or a bout a row; each observation is a session."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from attunement.clock import HOUR, LONGEST_MS, MINUTE, SECOND
from attunement.errors import NotReadable, Severity
from attunement.events import Reading
from attunement.formats.boris import only_one
from attunement.formats.boris_rows import (
    NO_SUBJECT,
    POINT,
    START,
    STOP,
    Bouts,
    Key,
    Observation,
    Presses,
    milliseconds,
    numbered,
    paired,
    session,
)  # fmt: skip
from attunement.formats.text import LONGEST_FIELD, refuse_long_lines, utf8

MOST_PREAMBLE = 200  # rows before the names of the columns; one for each independent variable and media file

_TOO_LONG = f"one of its values is longer than {LONGEST_FIELD >> 10} KB"
_KINDS = ("STATE", "POINT")
_STATUS = {"START": START, "STOP": STOP, "POINT": POINT, "": POINT}
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,12})?", re.ASCII)
_CLOCK = re.compile(r"(-?)(\d{1,6}):(\d{1,2}):(\d{1,2}(?:\.\d{1,12})?)", re.ASCII)
_LENGTH = ("total length", "observation duration", "media duration (s)")
_MEDIA = ("media file path", "media file name", "media file", "source")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands in a row; an export has either `status` and one time, or a time for each end."""

    observation: int | None
    subject: int
    behaviour: int
    modifiers: tuple[int, ...]
    kind: int
    start: int
    end: int | None
    comments: tuple[int, ...]
    media: int | None
    length: int | None


def read(data: bytes, name: str) -> Reading:
    """The one observation of an export. Raises NotReadable, also for an export of several: see `read_all`."""
    return only_one(read_all(data, name), name)


def read_all(data: bytes, name: str) -> tuple[Reading, ...]:
    """Every observation of an export, in the file's order. Raises NotReadable."""
    table = _rows(data, name)
    columns, first, told = _columns(table, name)
    by_name: dict[str, list[tuple[int, list[str]]]] = {}
    for line, row in table[first:]:
        if any(cell.strip() for cell in row):
            by_name.setdefault(_named(row, columns, told, name), []).append((line, row))
    if not by_name:
        by_name[told.get("observation id") or PurePath(name).stem] = []
    found = []
    for key, rows in by_name.items():
        observation = Observation(key, name)
        if told.get("time offset (s)", "0.0") not in ("0.0", "0", ""):
            message = f"it names a time offset of {told['time offset (s)'][:20]} s; times are taken as they stand"
            observation.note("time-offset", "", message, Severity.NOTE)
        found.append(_observation(observation, rows, columns))
    return tuple(found)


def _rows(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    """Each row with its line."""
    whole = utf8(data, name)
    refuse_long_lines(whole, name)
    text = whole.decode("utf-8")
    first = text.split("\n", 1)[0]
    delimiter = max("\t,;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, line = [], 1
    try:
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):  # than 128 KB, Python's own limit
            raise NotReadable(_TOO_LONG, place=f"{name}, line {line}", remedy="shorten that value") from None
        raise NotReadable(
            "its rows and columns cannot be told apart", place=f"{name}, line {line}", remedy="export it again"
        ) from None
    if any(len(cell) > LONGEST_FIELD for _, row in rows for cell in row):
        raise NotReadable(_TOO_LONG, place=name, remedy="shorten that value")
    return rows


def _columns(table: Sequence[tuple[int, list[str]]], name: str) -> tuple[Columns, int, dict[str, str]]:
    """What the columns mean, the first row below their names, and what the preamble tells."""
    told: dict[str, str] = {}
    for at, (_, row) in enumerate(table[:MOST_PREAMBLE]):
        cells = [cell.strip().lower() for cell in row]
        if "behavior" in cells and "subject" in cells:
            return _from_names(cells, name), at + 1, told
        if len(row) > 1 and row[1].strip():
            told.setdefault(cells[0], row[1].strip())
    found = _from_values(table[0][1]) if table else None
    if found is None:
        raise NotReadable(
            "none of its first rows names the columns Subject and Behavior", place=name,
            remedy="export the events from BORIS again, with the names of the columns",
        )  # fmt: skip
    return found, 0, {}


def _from_names(cells: Sequence[str], name: str) -> Columns:
    def at(*names: str) -> int | None:
        return next((cells.index(one) for one in names if one in cells), None)

    category, closing = at("behavioral category"), at("behavior type", "status")
    start, kind = at("start (s)", "start", "time", "time (s)"), at("status", "behavior type")
    if start is None or kind is None:
        raise NotReadable(
            "it names no times, or not what begins and what ends", place=name,
            remedy="export it from BORIS with the columns Time and Status, or Start (s) and Behavior type",
        )  # fmt: skip
    modifiers = [place for place, one in enumerate(cells) if one.startswith("modifier")]
    if category is not None and closing is not None:  # newer exports name each set of modifiers by its own name
        modifiers += [at for at in range(category + 1, closing) if not cells[at].startswith(("comment", "time"))]
    behaviour, subject = cells.index("behavior"), cells.index("subject")
    return Columns(
        at("observation id"), subject, behaviour, tuple(sorted(set(modifiers) - {start})), kind, start,
        at("stop (s)", "stop"), tuple(place for place, one in enumerate(cells) if one.startswith("comment")), at(*_MEDIA),
        at(*_LENGTH),
    )  # fmt: skip


def _from_values(row: Sequence[str]) -> Columns | None:
    """The order of an aggregated export whose names are gone: ..., subject, behaviour, category, modifiers, STATE, ..."""
    kind = next((at for at, cell in enumerate(row) if cell in _KINDS), -1)
    if kind < 5 or len(row) < kind + 3 or _time(row[kind + 1]) is None or _time(row[kind + 2]) is None:
        return None
    comments = tuple(range(kind + 4, min(len(row), kind + 6)))
    return Columns(0, kind - 4, kind - 3, (kind - 1,), kind, kind + 1, kind + 2, comments, 2, 3)


def _named(row: Sequence[str], columns: Columns, told: dict[str, str], name: str) -> str:
    if columns.observation is not None and columns.observation < len(row):
        return row[columns.observation]
    return told.get("observation id") or PurePath(name).stem


def _observation(observation: Observation, rows: Sequence[tuple[int, list[str]]], columns: Columns) -> Reading:
    widest = max(columns.subject, columns.behaviour, columns.kind, columns.start, columns.end or 0)
    taken: list[tuple[Key, int, int, int, tuple[str, ...], int]] = []  # key, start, end, status, comments, line
    for line, row in rows:
        place = f"line {line}"
        if len(row) <= widest:
            observation.note("line-not-read", place, f"it has {len(row)} columns, too few; left out")
            continue
        start, end = _time(row[columns.start]), _time(row[columns.end if columns.end is not None else columns.start])
        if start is None or end is None:
            observation.note("time-not-readable", place, f"“{row[columns.start][:20]}” is no time; left out")
            continue
        if columns.media is not None and columns.media < len(row) and row[columns.media]:
            observation.media[row[columns.media]] = None
        if columns.length is not None and columns.length < len(row):
            lasts = _time(row[columns.length]) or 0  # “LIVE” or “NA” where there is none, “9|7” for several files
            observation.lasts_ms = max(observation.lasts_ms, lasts if lasts <= LONGEST_MS else 0)
        key = _key(row, columns)
        comments = tuple(row[at] for at in columns.comments if at < len(row))
        kind = row[columns.kind].strip().upper()
        if columns.end is not None:
            if kind not in _KINDS:
                observation.note("kind-not-known", place, f"“{kind[:20]}” is neither STATE nor POINT; both times count")
            taken.append((key, start, end, POINT, comments if kind != "POINT" else comments[:1], line))
        elif kind in _STATUS:
            taken.append((key, start, end, _STATUS[kind], ("; ".join(filter(None, comments)),), line))
        else:
            observation.note("kind-not-known", place, f"“{kind[:20]}” is not START, STOP or POINT; left out")
    keys, start_ms, end_ms, status, told, lines = zip(*taken, strict=True) if taken else ((),) * 6
    presses = Presses(
        *numbered(keys),
        np.array(start_ms, np.int64),
        np.array(status, np.int8),
        told,
        "line",
        np.array(lines, np.int64),
    )
    own = np.arange(len(taken))
    whole = Bouts(own, own, presses.ms, np.array(end_ms, np.int64))
    return session(
        observation, presses, whole if columns.end is not None else paired(presses, observation), "boris_table"
    )


def _key(row: Sequence[str], columns: Columns) -> Key:
    modifiers = [row[at] for at in columns.modifiers if at < len(row) and row[at]]
    return row[columns.subject] or NO_SUBJECT, row[columns.behaviour], "|".join(modifiers)


def _time(cell: str) -> int | None:
    """Seconds, or hours:minutes:seconds, in whole milliseconds."""
    if _NUMBER.fullmatch(text := cell.strip()):
        return int(milliseconds(np.array(float(text))))
    if found := _CLOCK.fullmatch(text):
        sign, hours, minutes, seconds = found.groups()
        ms = int(hours) * HOUR + int(minutes) * MINUTE + round(float(seconds) * SECOND)
        return -ms if sign else ms
    return None
