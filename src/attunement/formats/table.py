"""Event tables (CSV, TSV), read: one row an event, with the column names and units of many programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

import numpy as np
import polars as pl

from attunement.clock import LONGEST_MS
from attunement.errors import Issue, NotReadable, Severity
from attunement.events import NONE, Bools, Index, Ints, Numbered, Reading, Tier
from attunement.formats.rows import Rows, listed, reading
from attunement.formats.table_cells import Cells, cells
from attunement.formats.table_columns import TRIPLE, Column, Columns, columns_of
from attunement.formats.table_tiers import hung, with_participants
from attunement.formats.table_times import milliseconds, one_unit, times

ONE_TIER = "events"  # the tier of a table that names none
SHIELD = "'"  # stands before what a spreadsheet would run as a formula; only tables that we wrote have it
SHIELDED = r"\A'+[=+\-@\t\r\n]"

_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_TIME = re.compile(r"\s*-?\d+(?:[.,:]\d+)*\s*")


def read(data: bytes, name: str) -> Reading:
    """A session from the bytes of a table: tiers are actors, labels are codes. Raises NotReadable."""
    table = cells(data, name)
    columns, table = _meaning(table, name)
    issues = listed(
        "line-not-read", Severity.WARNING, range(len(table.unreadable)), lambda at: f"line {table.unreadable[at][0]}",
        lambda at: f"{table.unreadable[at][1]}; left out", name,
    )  # fmt: skip
    start, end, left_out = _spans(table, columns, name, issues)
    issues += _not_read(table, columns, name)
    rows, track = _rows(table, columns, start, end, name, issues)
    return reading(
        rows, name=_session_name(table, columns, name), format="table", issues=issues, left_out=left_out, track=track,
        lasts_ms=_lasts(table, columns),
    )  # fmt: skip


def _meaning(table: Cells, name: str) -> tuple[Columns, Cells]:
    columns = columns_of(table.header)
    if columns is not None:
        if columns.tier is None and columns.code is None:
            raise NotReadable(
                f"none of its columns says who or what ({_named(table.header)})", place=f"{name}, line 1",
                remedy="name one of them tier and one of them code",
            )  # fmt: skip
        return columns, table
    if len(table.header) == 3 and _TIME.fullmatch(table.header[0]) and _TIME.fullmatch(table.header[1]):
        first = pl.DataFrame([pl.Series(f"column_{at}", [cell]) for at, cell in enumerate(table.header)])
        lines = np.concatenate([np.ones(1, np.int64), table.lines])
        return TRIPLE, Cells(table.header, pl.concat([first, table.cells]), lines, table.unreadable, table.delimiter)
    raise NotReadable(
        f"none of its columns says when a row begins ({_named(table.header)})", place=f"{name}, line 1",
        remedy="name the columns onset_ms, offset_ms, tier, code, or give just onset, offset and code without names",
    )  # fmt: skip


def _named(header: tuple[str, ...]) -> str:
    return ", ".join(cell.strip()[:20] or "no name" for cell in header[:6]) + (", ..." if len(header) > 6 else "")


def _spans(table: Cells, columns: Columns, name: str, issues: list[Issue]) -> tuple[Ints, Ints, Bools]:
    """Start and end of each row, and which rows (n,) are left out: blank ones, and those without a time."""
    comma = table.delimiter != ","
    closing = columns.end or columns.duration
    used = [column for column in (columns.start, closing) if column is not None]
    found = [times(table.column(column.at), column.unit, comma=comma, name=name) for column in used]
    unit, said = one_unit(found, name)
    issues += said
    start = milliseconds(found[0], unit)
    without = np.isnan(found[0].numbers)
    blank = _blank(table, without)
    unread = without & ~blank
    end = start
    if closing is not None:
        last = found[1]
        end = np.where(last.empty, start, milliseconds(last, unit) + (0 if columns.end else start))
        unread |= np.isnan(last.numbers) & ~last.empty & ~blank
        if points := int((last.empty & ~blank & ~unread).sum()):
            note = f"{points} rows have a beginning and no end; they are read as points in time"
            issues.append(Issue("end-not-set", Severity.NOTE, name, note))
    issues += listed(
        "line-not-read", Severity.WARNING, np.flatnonzero(unread).tolist(), lambda row: f"line {table.lines[row]}",
        lambda row: f"“{_shown(table, used, row)}” is no time; left out", name,
    )  # fmt: skip
    return start, end, blank | unread


def _lasts(table: Cells, columns: Columns) -> int:
    """The one length that every row gives the recording; 0 where there is none, or several."""
    if columns.lasts is None:
        return 0
    named = table.column(columns.lasts.at).str.strip_chars().unique().to_list()
    return int(named[0]) if len(named) == 1 and _LENGTH.fullmatch(named[0]) and int(named[0]) <= LONGEST_MS else 0


def _not_read(table: Cells, columns: Columns, name: str) -> list[Issue]:
    used = {column.at for column in columns.all() if column is not None}
    other = tuple(cell for at, cell in enumerate(table.header) if at not in used)
    if not other:
        return []
    return [Issue("columns-not-read", Severity.NOTE, name, f"{len(other)} columns are not read: {_named(other)}")]


def _blank(table: Cells, suspects: Bools) -> Bools:
    """Which rows have nothing in any column; `suspects` are those without a beginning."""
    blank = np.zeros(len(table.lines), np.bool_)
    for row in np.flatnonzero(suspects).tolist():
        blank[row] = not any(cell.strip() for cell in table.cells.row(row))
    return blank


def _shown(table: Cells, used: list[Column], row: int) -> str:
    return " ".join(table.column(column.at)[row][:20] for column in used)


def _rows(table: Cells, columns: Columns, start: Ints, end: Ints, name: str, issues: list[Issue]) -> tuple[Rows, Index]:
    """The rows, and which of them may not overlap: those of one tier, or of one label in a table without tiers."""
    values, value = _numbered(table, columns.code or columns.tier, columns)
    tiers: tuple[str, ...] = (ONE_TIER,)
    tier, track = np.zeros(len(start), np.int32), value
    if columns.tier is not None:
        tiers, tier = _numbered(table, columns.tier, columns)
        track = tier
    ids = _ids(table, columns)
    named = tuple(map(Tier, tiers))
    if columns.participant is not None and columns.participant != columns.tier:
        named = with_participants(tiers, tier, _text(table, columns.participant, columns))
    rows = Rows(named, values, tier, value, start, end, ids, np.full(len(ids), NONE, np.int32))
    if columns.parent is not None:
        rows = hung(rows, _text(table, columns.parent, columns).to_list(), name, issues)
    return rows, track


def _text(table: Cells, column: Column | None, columns: Columns) -> pl.Series:
    assert column is not None  # _meaning refused a table without labels
    return _meant(table.column(column.at), columns)


def _meant(cells: pl.Series, columns: Columns) -> pl.Series:
    if not columns.own:
        return cells.str.strip_chars()
    return pl.select(pl.when(cells.str.contains(SHIELDED)).then(cells.str.slice(1)).otherwise(cells)).to_series()


def _numbered(table: Cells, column: Column | None, columns: Columns) -> tuple[tuple[str, ...], Index]:
    """The different words of a column, in order of first use, and each row's place among them."""
    assert column is not None
    cells = table.column(column.at)
    written = cells.unique(maintain_order=True)
    place = cells.cast(pl.Enum(written)).to_physical().to_numpy().astype(np.int32)
    meant: list[str] = _meant(written, columns).to_list()
    words = {word: at for at, word in enumerate(dict.fromkeys(meant))}
    if len(words) == len(meant):
        return tuple(words), place
    return tuple(words), np.array([words[word] for word in meant], np.int32)[place]


def _ids(table: Cells, columns: Columns) -> Sequence[str]:
    if columns.id is not None:
        found: list[str] = _text(table, columns.id, columns).to_list()
        return found
    return Numbered(("line",), table.lines)


def _session_name(table: Cells, columns: Columns, name: str) -> str:
    """The one session that the table names, or the file's name. Raises NotReadable for several."""
    if columns.session is None:
        return PurePath(name).stem
    named = [one for one in _text(table, columns.session, columns).unique(maintain_order=True).to_list() if one]
    if len(named) > 1:
        raise NotReadable(
            f"it holds {len(named)} sessions ({_named(tuple(named))})", place=name, remedy="write one file for each"
        )
    return named[0] if named else PurePath(name).stem
