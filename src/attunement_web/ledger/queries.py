"""Reads the ledger back: is each chain whole, and as long as the checkpoint says?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from attunement_web.ledger.models import SITE, Chain, Ends, Entry, ends_in, seal

_COLUMNS = ("chain", "number", "id", "at", "event", "about_kind", "about_id", "by_id", "facts", "mac")
_AT_ONCE = 5_000
_NO_END = (0, "")


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the ledger is not as it was written: a line "changed" or "missing", an end "cut", or the
    "checkpoint" itself."""

    chain: UUID
    number: int
    what: str


def breaks(checkpoint: Path | None = None) -> Iterator[Break]:
    """Every place that does not fit, in one pass over the lines. None: the ledger is whole."""
    before = ends_in(checkpoint) if checkpoint is not None else {}
    if before is None:
        yield Break(SITE, 0, "checkpoint")
        before = {}
    seen: dict[UUID, tuple[int, str]] = {}
    rows = Entry.objects.order_by("chain", "number").values_list(*_COLUMNS)
    for row in rows.iterator(chunk_size=_AT_ONCE):
        yield from _line(dict(zip(_COLUMNS, row, strict=True)), seen, before)
    ends = {chain: (count, head) for chain, count, head in Chain.objects.values_list("pk", "count", "head")}
    yield from _cut(seen, ends, before)


def _line(line: dict[str, Any], seen: dict[UUID, tuple[int, str]], before: Ends) -> Iterator[Break]:
    chain, number, mac = line["chain"], line["number"], line.pop("mac")
    count, above = seen.get(chain, _NO_END)
    seen[chain] = number, mac
    then = before.get(chain, _NO_END)
    if number != count + 1:
        yield Break(chain, count + 1, "missing")
    elif seal(above, **line) != mac or (number == then[0] and mac != then[1]):
        yield Break(chain, number, "changed")


def _cut(seen: Ends, ends: Ends, before: Ends) -> Iterator[Break]:
    for chain in {*seen, *ends, *before}:
        there = seen.get(chain, _NO_END)
        if there != ends.get(chain, _NO_END) or there[0] < before.get(chain, _NO_END)[0]:
            yield Break(chain, there[0] + 1, "cut")
