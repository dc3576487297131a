"""Datavyu spreadsheets (.opf), read: a zip archive whose member `db` lists columns, their codes and cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from attunement.clock import HOUR, MINUTE, SECOND
from attunement.errors import NotReadable, Severity
from attunement.events import Reading
from attunement.formats.datavyu_rows import FAR_MS, Cells, session
from attunement.formats.text import LONGEST_FIELD, utf8
from attunement.formats.zip_safely import member

VERSION = "#4"

_COLUMN = re.compile(r"(?P<name>.*) \((?P<kind>[A-Z_]+),[^()]*\)-?(?P<codes>.*)", re.DOTALL)
_CELL = re.compile(r"(\d{1,6}):(\d\d):(\d\d):(\d{3}),(\d{1,6}):(\d\d):(\d\d):(\d{3}),(.*)", re.DOTALL | re.ASCII)


def read(data: bytes, name: str) -> Reading:
    """A session from the bytes of an .opf file: columns are tiers. Raises NotReadable."""
    text = utf8(member(data, "db", name), name).decode("utf-8").replace("\r\n", "\n")
    lines = list(_lines(text))
    if not lines or not lines[0].startswith("#"):
        raise NotReadable("its member “db” is none of Datavyu's", place=name, remedy="save it again in Datavyu")
    cells = Cells(name)
    if lines[0].strip() != VERSION:
        cells.note("version-not-known", name, f"it has version {lines[0][:10]}; we know {VERSION}", Severity.NOTE)
    column, seen = "", Counter[str]()
    for at, line in enumerate(lines[1:], 2):
        found, heading = _CELL.fullmatch(line), _COLUMN.fullmatch(line)
        if found and column:
            seen[column] += 1
            _cell(cells, column, seen[column], found.groups())
        elif heading and not found:
            column = _column(cells, heading)
        elif line.strip():
            cells.note("line-not-read", f"line {at} of db", f"“{line[:40]}” is no column and no cell of one; left out")
    return session(cells, PurePath(name).stem, "datavyu")


def _lines(text: str) -> Iterator[str]:
    r"""A backslash before the end of a line makes it a part of the value."""
    kept: list[str] = []
    for line in text.removesuffix("\n").split("\n"):
        kept.append(line)
        if (len(line) - len(line.rstrip("\\"))) % 2 == 0:
            yield "\n".join(kept)
            kept = []
    if kept:
        yield "\n".join(kept)


def _column(cells: Cells, heading: re.Match[str]) -> str:
    name, kind, codes = _plain(heading["name"]), heading["kind"], heading["codes"]
    if name in cells.codes:
        cells.note("id-twice", f"column {name}", "two columns have this name; they are read as one")
    named = tuple(_plain(_parts(code, "|")[0]) for code in _parts(codes, ",")) if codes else ()
    cells.codes.setdefault(name, named)
    if cells.codes[name] != named:
        cells.note("codes-differ", f"column {name}", "the second one has other codes; the first ones count")
    cells.kinds.setdefault(name, codes if kind == "MATRIX" else kind)
    return name


def _cell(cells: Cells, column: str, ordinal: int, found: Sequence[str]) -> None:
    start, end = _milliseconds(found[:4]), _milliseconds(found[4:8])
    value, codes = found[8], cells.codes[column]
    if value.startswith("(") and value.endswith(")") and codes:
        values = [_plain(one) for one in _parts(value[1:-1], ",")]
    else:
        values = [_plain(value)]
    place = f"{column} {ordinal}"
    if any(len(one) > LONGEST_FIELD for one in values):
        where = f"{cells.name}, {place}"
        raise NotReadable("one of its values is longer than 64 KB", place=where, remedy="shorten that value")
    if len(values) != max(len(codes), 1):
        message = f"it has {len(values)} values, and its column has {len(codes)} codes; all are kept"
        cells.note("codes-differ", place, message)
    cells.add(column, str(ordinal), start, end, values)


def _milliseconds(clock: Sequence[str]) -> int:
    hours, minutes, seconds, rest = map(int, clock)
    return min(hours * HOUR + minutes * MINUTE + seconds * SECOND + rest, FAR_MS)


def _parts(text: str, mark: str) -> list[str]:
    """The pieces between marks that no backslash stands before."""
    pieces, kept = [], ""
    for piece in text.split(mark):
        kept += piece
        if (len(kept) - len(kept.rstrip("\\"))) % 2 == 0:
            pieces.append(kept)
            kept = ""
        else:
            kept += mark
    return [*pieces, kept] if kept else pieces


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
