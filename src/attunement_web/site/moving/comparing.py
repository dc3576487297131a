"""Says of each table how many rows it has and what they add up to, the same way whichever database holds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any
from uuid import UUID

from django.db import connections, models
from django.db.models.expressions import RawSQL

from attunement_web.site.keeping.counting import tally

PIECE = 2_000  # rows in memory at a time
_EXACT = Context(prec=1_000)  # digits; the longest number a JSON field may hold has fewer
_STORED_ORDER = {"sqlite": "rowid", "postgresql": "ctid"}  # so that lines of the ledger lie in the order they came


def rows_of(model: type[models.Model], alias: str) -> Iterator[tuple[Any, ...]]:
    """The values of each row as Python has them, in the order they were stored, a piece at a time."""
    stored = RawSQL(_STORED_ORDER[connections[alias].vendor], ())
    names = [field.attname for field in model._meta.concrete_fields]
    return model._base_manager.using(alias).order_by(stored).values_list(*names).iterator(chunk_size=PIECE)


def told(model: type[models.Model], alias: str) -> dict[str, Any]:
    """`{"rows": 3, "sha256": "..."}`: the rows' hashes are summed, so their order does not matter."""
    return tally(canonical(row) for row in rows_of(model, alias))


def canonical(row: tuple[Any, ...]) -> bytes:
    """One text for one row: what it means, not how a database writes it."""
    return _encode([_plain(value) for value in row]).encode()


def _plain(value: Any) -> Any:
    """A value's kind and text: a number is never taken for its digits, nor a missing word for an empty one."""
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    return _KINDS[kind](value) if kind in _KINDS else [kind.__name__, str(value)]


def _number(value: float | Decimal) -> list[str]:
    """1, 1.0 and 10e-1 are one number, which the two databases write each in its way; so are 0 and -0."""
    exact = Decimal(repr(value) if isinstance(value, float) else value)
    return ["number", str(exact.normalize(_EXACT)) if exact else "0"]


_encode = json.JSONEncoder(sort_keys=True).encode
# Lists begin with their kind, so that a word of somebody's can never be read as another kind of value.
_KINDS: dict[type, Callable[[Any], Any]] = {
    str: lambda value: value,
    UUID: lambda value: ["id", value.hex],
    datetime: lambda value: ["instant", (value.astimezone(UTC) if value.tzinfo else value).isoformat()],
    date: lambda value: ["day", value.isoformat()],
    time: lambda value: ["clock", value.isoformat()],
    timedelta: lambda value: ["microseconds", str(value // timedelta(microseconds=1))],
    int: _number,
    float: _number,
    Decimal: _number,
    bytes: lambda value: ["bytes", value.hex()],
    memoryview: lambda value: ["bytes", bytes(value).hex()],
    list: lambda value: ["list", *map(_plain, value)],
    dict: lambda value: {name: _plain(part) for name, part in value.items()},
}
