"""Writes lines of the ledger, each sealed to the one before it in its chain; and how long each chain is, outside."""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils import timezone

from attunement_web.ledger.models import SITE, Chain, Entry, keyed, seal

_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)+\Z")  # "moment.kept"
_CODE = re.compile(r"[\w.:+-]{1,64}\Z")  # an id, a code, a day: no spaces, so no sentence slips in
_WHOSE = (("families.child", "child"), ("families.family", "family"))


@dataclass(frozen=True, slots=True)
class Line:
    """What happened to `about_id`, a row of `about_kind`, done by a person (None: the site itself)."""

    event: str
    about_kind: str
    about_id: UUID
    by_id: UUID | None
    facts: dict[str, int | str] = field(default_factory=dict)

    @property
    def chain(self) -> UUID:
        """A child's lines are one chain, a family's are one; what concerns neither is in the site's."""
        for kind, name in _WHOSE:
            if self.about_kind == kind:
                return self.about_id
            if name in self.facts:
                return UUID(str(self.facts[name]))
        return SITE


def record(event: str, *, about: models.Model, by: models.Model | None, **facts: int | str | UUID) -> None:
    """Add one line: `event` ("moment.kept") happened to `about`, done `by` a person (None: the site itself).

    `facts` are ids, codes and counts; anything that reads like words raises ValueError. A fact named `child`, or
    `family`, says whose chain it is, where `about` itself is neither.
    """
    record_all([line(event, about._meta.label_lower, about.pk, by.pk if by is not None else None, **facts)])


def line(event: str, about_kind: str, about_id: UUID, by_id: UUID | None, **facts: Any) -> Line:
    """A line to be added with others by `record_all`; checked as `record` does."""
    if not _EVENT.match(event):
        raise ValueError(f"“{event}” is no event name; write it like moment.kept")
    return Line(event, about_kind, about_id, by_id, {name: _fact(name, value) for name, value in facts.items()})


@transaction.atomic(savepoint=False)
def record_all(lines: Iterable[Line]) -> None:
    """Add lines, in order: three statements for any number of lines and chains, two more where a chain begins."""
    lines, database = list(lines), connections[DEFAULT_DB_ALIAS]
    ends, now = _held({one.chain for one in lines}), timezone.now()
    key = _as_it_is if database.features.has_native_uuid_field else _HEX
    at = database.ops.adapt_datetimefield_value(now)
    rows: list[tuple[Any, ...]] = []
    for one in lines:
        id, (count, head) = uuid.uuid4(), ends[one.chain]
        mac = seal(
            head, id=id, at=now, event=one.event, about_kind=one.about_kind, about_id=one.about_id, by_id=one.by_id,
            facts=one.facts, chain=one.chain, number=count + 1,
        )  # fmt: skip
        ends[one.chain] = count + 1, mac
        facts, by = database.ops.adapt_json_value(one.facts, None), one.by_id and key(one.by_id)
        rows.append(
            (key(id), at, one.event, one.about_kind, key(one.about_id), by, facts, key(one.chain), count + 1, mac)
        )
    with database.cursor() as cursor:  # fixed statements: the ORM's own took a third of the time of a phone's push
        cursor.executemany(_INSERT, rows)
        cursor.executemany(_MOVE_END, [(count, head, key(chain)) for chain, (count, head) in ends.items()])


_COLUMNS = ("id", "at", "event", "about_kind", "about_id", "by_id", "facts", "chain", "number", "mac")
_INSERT = 'INSERT INTO "{}" ({}) VALUES ({})'.format(
    Entry._meta.db_table, ", ".join(f'"{name}"' for name in _COLUMNS), ", ".join(["%s"] * len(_COLUMNS))
)
_MOVE_END = f'UPDATE "{Chain._meta.db_table}" SET "count" = %s, "head" = %s WHERE "id" = %s'
_HEX = attrgetter("hex")


def _as_it_is(value: UUID) -> UUID:
    return value


def _held(wanted: set[UUID]) -> dict[UUID, tuple[int, str]]:
    """Where the chains end, held to the end of the transaction; in one order, so that two writers never wait for each
    other."""
    asked = Chain.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk", "count", "head")
    found = {chain: (count, head) for chain, count, head in asked}
    if missing := wanted - set(found):
        Chain.objects.bulk_create([Chain(pk=one) for one in sorted(missing)], ignore_conflicts=True)
        found = {chain: (count, head) for chain, count, head in asked.all()}
    return found


def _fact(name: str, value: object) -> int | str:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, UUID | str) and _CODE.match(str(value)):
        return str(value)
    raise ValueError(f"the ledger keeps ids, codes and counts only, not the value of “{name}”")


def write_checkpoint(path: Path) -> None:
    """How long each chain is and how it ends, sealed, into a file outside the database; whole or not at all.

    Lines cut off at a chain's end leave a chain that is whole in itself: only this file knows that there were more.
    """
    ends = Chain.objects.order_by("pk").values_list("pk", "count", "head")
    body = json.dumps([[chain.hex, count, head] for chain, count, head in ends], separators=(",", ":"))
    beside = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{keyed(body)}\n{body}\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
