"""Reads the data files that travel with the package, and says plainly which row of them is off."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from attunement.errors import BadContent

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a shipped file: its fields as text, and its place for a person to find it."""

    fields: dict[str, str]
    place: str

    def text(self, name: str) -> str:
        """A field that is never empty."""
        found = self.fields[name].strip()
        if not found:
            self.refuse(f"has no {name}", f"fill in {name}")
        return found

    def whole(self, name: str) -> int:
        found = self.text(name)
        if not found.isdecimal():
            self.refuse(f"has the {name} “{found}”", "write a whole number")
        return int(found)

    def one_of(self, name: str, words: type[Word]) -> Word:
        found = self.text(name)
        try:
            return words(found)
        except ValueError:
            self.refuse(f"has the {name} “{found}”", f"use one of {', '.join(words)}")

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name).split(";") if part.strip())

    def refuse(self, what: str, remedy: str) -> NoReturn:
        raise BadContent(what, place=self.place, remedy=remedy)


def rows_of(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of a CSV file with exactly these columns, each row named once by `id`. Raises BadContent."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if list(header) != list(columns):
            remedy = f"the first line is {','.join(columns)}"
            raise BadContent("has other columns", place=f"{path.name}, line 1", remedy=remedy)
        seen: set[str] = set()
        for cells in reader:
            place = f"{path.name}, line {reader.line_num}"
            if len(cells) != len(header):
                raise BadContent(f"has {len(cells)} fields", place=place, remedy=f"give {len(header)}")
            row = Row(dict(zip(header, cells, strict=True)), f"{place} ({cells[0]})")
            if row.text("id") in seen:
                row.refuse("stands twice", "keep one of the two")
            seen.add(cells[0])
            yield row


def toml_of(path: Path) -> dict[str, Any]:
    """A TOML file that names its version and licence. Raises BadContent."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadContent(f"cannot be read: {error}", place=path.name, remedy="mend that line") from error
    for name in ("version", "licence"):
        if not found.get(name):
            raise BadContent(f"names no {name}", place=path.name, remedy=f"add {name} = '...' at the top")
    return found


def row_of(table: dict[str, Any], place: str, names: Sequence[str]) -> Row:
    """A TOML table of texts as a row with these fields; a list becomes "a; b", a missing one is empty."""
    unknown = sorted(set(table) - set(names))
    if unknown:
        raise BadContent(f"has an unknown field “{unknown[0]}”", place=place, remedy="remove or rename it")
    return Row({name: _as_text(table.get(name, "")) for name in names}, place)


def _as_text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
