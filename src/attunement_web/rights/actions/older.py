"""Reads copies of older formats as if they were of today's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

from attunement_web.rights.bridge import Copy
from attunement_web.rights.models.kinds import CHILDREN, MEMBERSHIPS, Kind

_BELONGS_TO_A_CHILD = 2  # before, somebody belonged to a family


def lines_of(copy: Copy, kind: Kind) -> Iterator[Mapping[str, Any]]:
    """Its lines with the fields of today."""
    lines = copy.rows(kind.name)
    if kind is MEMBERSHIPS and copy.format < _BELONGS_TO_A_CHILD:
        return _in_each_child(copy, lines)
    return lines


def _in_each_child(copy: Copy, lines: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """As the server's own memberships became one for each child: the first child's is the one that there was."""
    first, *others = sorted(str(row.get("id")) for row in copy.rows(CHILDREN.name)) or [""]
    for line in lines:
        told = {name: value for name, value in line.items() if name != "family"}
        yield told | {"child": first}
        yield from (told | {"child": child, "id": _next_id(line.get("id"), child)} for child in others)


def _next_id(membership: object, child: str) -> object:
    """What is no id stays none, and is refused with its line."""
    try:
        return str(uuid5(UUID(str(membership)), UUID(child).hex))
    except ValueError:
        return membership
