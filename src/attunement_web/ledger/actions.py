"""Writes lines of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models

from attunement_web.ledger.models import Entry

_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)+\Z")  # "moment.kept"
_CODE = re.compile(r"[\w.:+-]{1,64}\Z")  # an id, a code, a day: no spaces, so no sentence slips in


@dataclass(frozen=True, slots=True)
class Line:
    """What happened to `about_id`, a row of `about_kind`, done by a person (None: the site itself)."""

    event: str
    about_kind: str
    about_id: UUID
    by_id: UUID | None
    facts: dict[str, int | str] = field(default_factory=dict)


def record(event: str, *, about: models.Model, by: models.Model | None, **facts: int | str | UUID) -> Entry:
    """Add one line: `event` ("moment.kept") happened to `about`, done `by` a person (None: the site itself).

    `facts` are ids, codes and counts; anything that reads like words raises ValueError.
    """
    return record_all([line(event, about._meta.label_lower, about.pk, by.pk if by is not None else None, **facts)])[0]


def line(event: str, about_kind: str, about_id: UUID, by_id: UUID | None, **facts: Any) -> Line:
    """A line to be added with others by `record_all`; checked as `record` does."""
    if not _EVENT.match(event):
        raise ValueError(f"“{event}” is no event name; write it like moment.kept")
    return Line(event, about_kind, about_id, by_id, {name: _fact(name, value) for name, value in facts.items()})


def record_all(lines: Iterable[Line]) -> list[Entry]:
    """Add lines, in order, in one statement."""
    return Entry.objects.bulk_create(
        Entry(event=one.event, about_kind=one.about_kind, about_id=one.about_id, by_id=one.by_id, facts=one.facts)
        for one in lines
    )


def _fact(name: str, value: object) -> int | str:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, UUID | str) and _CODE.match(str(value)):
        return str(value)
    raise ValueError(f"the ledger keeps ids, codes and counts only, not the value of “{name}”")
