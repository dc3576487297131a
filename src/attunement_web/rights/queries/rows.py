"""Rows of the database as lines of a copy, a few thousand at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from attunement_web.rights.models.kinds import KINDS, PEOPLE, About, Kind

AT_ONCE = 2_000
_line = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def rows_of(kind: Kind, about: About, *, order: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Plain values by the names of their fields, in an order that is the same each time, or in a given one."""
    find = _people(about) if kind is PEOPLE else kind.find(about)
    names = [*(kind.columns[name].attname for name in kind.fields), *kind.also.values()]
    chosen = kind.table.objects.filter(find).order_by(*(order or kind.order)).values_list(*names)
    for row in chosen.iterator(AT_ONCE):
        yield {name: _plain(value) for name, value in zip((*kind.fields, *kind.also), row, strict=True)}


def as_line(row: dict[str, Any]) -> bytes:
    return _line(row).encode() + b"\n"


def _people(about: About) -> Q:
    """Whoever belongs, and whoever a row of the copy names."""
    found = set(PEOPLE.table.objects.filter(PEOPLE.find(about)).values_list("pk", flat=True))
    for kind in KINDS:
        for name in kind.fields:
            if kind.columns[name].related_model is PEOPLE.table:
                named = kind.table.objects.filter(kind.find(about)).values_list(name, flat=True)
                found |= set(named.distinct())
    return Q(pk__in=found - {None})


def _plain(value: Any) -> Any:
    return _AS_TEXT.get(type(value), _as_it_is)(value)


def _as_it_is(value: Any) -> Any:
    return value


_AS_TEXT: dict[type, Callable[[Any], Any]] = {
    UUID: str,
    datetime: lambda at: at.astimezone(UTC).isoformat(timespec="microseconds"),
    date: date.isoformat,
}
