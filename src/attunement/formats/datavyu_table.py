"""Datavyu's exports (CSV), read: a cell a row, columns one below another or side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from attunement.errors import NotReadable
from attunement.events import Reading
from attunement.formats.boris import only_one
from attunement.formats.datavyu_rows import FAR_MS, Cells, session
from attunement.formats.table_cells import Cells as Table
from attunement.formats.table_cells import cells as table_of

BELOW = ("file", "column", "ordinal", "onset", "offset")  # how each row begins where columns stand below each other

_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Block:
    """Where the cells of one column stand, or of all columns where `column` is a place."""

    column: str | int
    ordinal: int
    onset: int
    offset: int
    codes: tuple[tuple[str, int], ...]


def read(data: bytes, name: str) -> Reading:
    """The one spreadsheet that an export is of. Raises NotReadable, also for several: see `read_all`."""
    return only_one(read_all(data, name), name)


def read_all(data: bytes, name: str) -> tuple[Reading, ...]:
    """A session for each spreadsheet that the export names. Raises NotReadable."""
    table = table_of(data, name)
    header = [cell.strip() for cell in table.header]
    below = tuple(cell.lower() for cell in header[: len(BELOW)]) == BELOW
    blocks = [_below(header)] if below else _beside(header, name)
    found: dict[str, Cells] = {}
    stem = PurePath(name).stem

    def of(spreadsheet: str) -> Cells:
        return found.setdefault(spreadsheet, Cells(name))

    _rows(table, blocks, of, stem, 0 if below else None)
    first = next(iter(found), stem)
    for line, why in table.unreadable:
        of(first).note("line-not-read", f"line {line}", f"{why}; left out")
    of(first)
    return tuple(session(cells, spreadsheet, "datavyu_table") for spreadsheet, cells in found.items())


def _below(header: list[str]) -> Block:
    return Block(1, 2, 3, 4, tuple((code, at) for at, code in enumerate(header) if at >= len(BELOW)))


def _beside(header: list[str], name: str) -> list[Block]:
    """“hands.ordinal,hands.onset,hands.offset,hands.look,...”: a block for each column."""
    places: dict[str, dict[str, int]] = {}
    for at, cell in enumerate(header):
        column, dot, what = cell.rpartition(".")
        if dot:
            places.setdefault(column, {}).setdefault(what, at)
    blocks = [
        Block(
            column, at["ordinal"], at["onset"], at["offset"],
            tuple((code, place) for code, place in at.items() if code not in BELOW),
        )
        for column, at in places.items() if {"ordinal", "onset", "offset"} <= set(at)
    ]  # fmt: skip
    if not blocks:
        raise NotReadable(
            "no column of it has an ordinal, an onset and an offset", place=f"{name}, line 1",
            remedy="export it from Datavyu again",
        )  # fmt: skip
    return blocks


def _rows(table: Table, blocks: list[Block], of: Callable[[str], Cells], stem: str, file: int | None) -> None:
    """Adds each cell to its spreadsheet."""
    for line, row in zip(table.lines.tolist(), table.cells.iter_rows(), strict=True):
        cells = of((row[file].strip() if file is not None else "") or stem)
        for block in blocks:
            onset, offset = row[block.onset].strip(), row[block.offset].strip()
            if not onset and not offset:
                continue  # where columns stand side by side, the shorter ones end in nothing
            column = block.column if isinstance(block.column, str) else row[block.column].strip()
            if not _WHOLE.fullmatch(onset) or not _WHOLE.fullmatch(offset):
                said = f"“{onset[:20]}” to “{offset[:20]}” are no whole milliseconds; left out"
                cells.note("line-not-read", f"line {line} {column}", said)
                continue
            cells.codes.setdefault(column, tuple(code for code, _ in block.codes))
            values = [row[place] for _, place in block.codes]
            cells.add(column, row[block.ordinal].strip(), _ms(onset), _ms(offset), values)


def _ms(digits: str) -> int:
    return max(-FAR_MS, min(FAR_MS, int(digits)))
