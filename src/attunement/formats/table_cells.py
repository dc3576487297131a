"""A delimited text as columns of strings, quickly where it is plain and line by line where it is not."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from attunement.errors import NotReadable
from attunement.events import Ints
from attunement.formats.text import LONGEST_FIELD, refuse_long_lines, utf8

DELIMITERS = (",", ";", "\t")
MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The table below its header. cells: a column of strings for each of `header`; lines: (n,) the line of each row."""

    header: tuple[str, ...]
    cells: pl.DataFrame
    lines: Ints
    unreadable: tuple[tuple[int, str], ...]  # line, why
    delimiter: str

    def column(self, at: int) -> pl.Series:
        return self.cells.to_series(at)


def cells(data: bytes, name: str) -> Cells:
    """Raises NotReadable."""
    text = utf8(data, name)
    refuse_long_lines(text, name)
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")  # one real program still writes line ends so
    first = _first_line(text, name)
    delimiter = max(DELIMITERS, key=first.count)
    header = _split(first, delimiter, name)
    plain = _plain(text, header, delimiter)
    return plain if plain is not None else _careful(text, header, delimiter)


def _first_line(text: bytes, name: str) -> str:
    first = next((line for line in io.BytesIO(text) if line.strip()), b"")
    if len(first) > LONGEST_FIELD:
        raise NotReadable(
            "its first line is longer than 64 KB", place=name, remedy="check that it is a table of events"
        )
    return first.decode("utf-8").rstrip("\r\n")


def _split(line: str, delimiter: str, name: str) -> tuple[str, ...]:
    try:
        row = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise NotReadable(
            "a quotation mark in its first line has no partner", place=f"{name}, line 1", remedy="mend that line"
        ) from None
    if len(row) < 2:
        raise NotReadable(
            "its first line has no columns", place=f"{name}, line 1",
            remedy="a table of events has a first line such as onset,offset,code",
        )  # fmt: skip
    if len(row) > MOST_COLUMNS:
        raise NotReadable(f"it has {len(row)} columns", place=name, remedy="keep those that say who, what and when")
    return tuple(row)


def _plain(text: bytes, header: Sequence[str], delimiter: str) -> Cells | None:
    """The table by Polars; None where a line may have other columns than the first, or span several lines."""
    if text.endswith((b"\r", b"\r\n", b"\n\n")):  # to take off one sign means to copy all
        text = text.rstrip(b"\r\n")
    lines = _count(text, b"\n") + (not text.endswith(b"\n"))
    quoted = b'"' in text
    if not quoted and _count(text, delimiter.encode()) != lines * (len(header) - 1):
        return None
    if b"\r" in text and text.count(b"\r") != lines - 1:  # the last line's was taken off
        return None
    quote = '"' if quoted else None
    try:
        frame = pl.read_csv(
            text, has_header=False, skip_lines=1, separator=delimiter, infer_schema=False, quote_char=quote
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.shape != (lines - 1, len(header)) or (quoted and frame.to_series(-1).null_count()):
        return None  # Polars fills a line that is too short with nothing
    if max(frame.select(pl.all().str.len_bytes().max().fill_null(0)).row(0)) > LONGEST_FIELD:
        return None
    return Cells(tuple(header), frame.fill_null(""), np.arange(2, lines + 1), (), delimiter)


def _count(text: bytes, sign: bytes) -> int:
    """As `text.count` does, which takes ten times as long where there are many."""
    return int(np.count_nonzero(np.frombuffer(text, np.uint8) == ord(sign)))


def _careful(text: bytes, header: Sequence[str], delimiter: str) -> Cells:
    """The table line by line; a line that cannot be read is named and left out."""
    words = text.decode("utf-8")
    rows: list[list[str]] = []
    lines: list[int] = []
    unreadable: list[tuple[int, str]] = []
    for line, row in _rows(words, delimiter):
        if isinstance(row, str):
            unreadable.append((line, row))
        elif len(row) > len(header) or (len(row) < len(header) and any(row)):
            unreadable.append((line, f"it has {len(row)} columns, and the first line has {len(header)}"))
        elif any(len(cell) > LONGEST_FIELD for cell in row):
            unreadable.append((line, "one of its values is longer than 64 KB"))
        elif any(row):
            rows.append(row)
            lines.append(line)
    kept = slice(1, None) if rows and tuple(rows[0]) == tuple(header) else slice(None)
    return Cells(
        tuple(header), _frame(rows[kept], len(header)), np.array(lines[kept], np.int64), tuple(unreadable), delimiter
    )


def _rows(words: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each row with its line, or why it cannot be read; where quotes have no partner, a row is a line."""
    try:
        reader = csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, strict=True)
        whole: list[tuple[int, list[str] | str]] = []
        line = 1
        for row in reader:
            whole.append((line, row))
            line = reader.line_num + 1
        yield from whole
    except csv.Error:
        for at, one in enumerate(re.split(r"\r\n|\n|\r", words), 1):
            try:
                yield at, next(csv.reader([one], delimiter=delimiter, strict=True), [])
            except csv.Error:
                yield at, "a quotation mark has no partner"


def _frame(rows: Sequence[Sequence[str]], width: int) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    return pl.DataFrame([pl.Series(f"column_{at}", column, pl.String) for at, column in enumerate(columns)])
