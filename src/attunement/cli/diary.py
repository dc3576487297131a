"""Turns a family's copy into a table of its moments: `attunement diary`."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from attunement.cli._parser import Parser
from attunement.copies import open_copy, table_of
from attunement.copies.noted import COLUMNS
from attunement.formats.whole import whole

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a table's program would run what begins so


def main(argv: Sequence[str]) -> int:
    wanted = _parser().parse_args(argv)
    with open_copy(wanted.copy) as copy:
        rows = list(table_of(copy, child=wanted.child))
    text = _csv(rows)
    if wanted.out is None:
        print(text, end="")
    else:
        with whole(wanted.out) as beside:
            beside.write_text(text, encoding="utf-8", newline="")
        print(f"{len(rows)} moments: {wanted.out}", file=sys.stderr)
    return 0


def _parser() -> Parser:
    parser = Parser("diary", "A table (CSV) of the moments in a copy that a family took.")
    parser.add_argument("copy", type=Path, help="the copy, a zip file")
    parser.add_argument("--child", help="only this child, by the id that children.jsonl gives")
    parser.add_argument("--out", type=Path, help="write the table here (default: print it)")
    return parser


def _csv(rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return text.getvalue()
