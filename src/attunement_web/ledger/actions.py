"""Writes lines of the ledger, each sealed to the one before it in its chain; and how long each chain is, outside."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils import timezone

from attunement_web.ledger.models import SITE, Chain, Entry, ends_in, seal, write_ends
from attunement_web.many import change_each

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
    placed, database = [(one, one.chain) for one in lines], connections[DEFAULT_DB_ALIAS]
    key = _as_it_is if database.features.has_native_uuid_field else _HEX
    ends, now = _held({chain for _, chain in placed}, key), timezone.now()
    at, as_json = database.ops.adapt_datetimefield_value(now), database.ops.adapt_json_value
    rows: list[tuple[Any, ...]] = []
    for one, chain in placed:
        id, (count, head) = uuid.uuid4(), ends[chain]
        mac = seal(
            head, id=id, at=now, event=one.event, about_kind=one.about_kind, about_id=one.about_id, by_id=one.by_id,
            facts=one.facts, chain=chain, number=count + 1,
        )  # fmt: skip
        ends[chain] = count + 1, mac
        facts, by = as_json(one.facts, None), one.by_id and key(one.by_id)
        rows.append((key(id), at, one.event, one.about_kind, key(one.about_id), by, facts, key(chain), count + 1, mac))
    with database.cursor() as cursor:  # fixed statements: the ORM's own took a third of the time of a phone's push
        cursor.executemany(_INSERT, rows)
    change_each(Chain._meta.db_table, ['"count"', "head"], [(key(chain), *end) for chain, end in ends.items()])


_COLUMNS = ("id", "at", "event", "about_kind", "about_id", "by_id", "facts", "chain", "number", "mac")
_INSERT = 'INSERT INTO "{}" ({}) VALUES ({})'.format(
    Entry._meta.db_table, ", ".join(f'"{name}"' for name in _COLUMNS), ", ".join(["%s"] * len(_COLUMNS))
)
_ENDS = f'SELECT "id", "count", "head" FROM "{Chain._meta.db_table}" WHERE "id" IN ({{}}) ORDER BY "id"'
_HEX = attrgetter("hex")


def _as_it_is(value: UUID) -> UUID:
    return value


def _held(wanted: set[UUID], key: Callable[[UUID], Any]) -> dict[UUID, tuple[int, str]]:
    """Where the chains end, held to the end of the transaction; in one order, so that two writers never wait for each
    other."""
    known = {key(one): one for one in wanted}
    found = _ends(known)
    if missing := wanted - set(found):
        Chain.objects.bulk_create([Chain(pk=one) for one in sorted(missing)], ignore_conflicts=True)
        found = _ends(known)
    return found


def _ends(known: Mapping[Any, UUID]) -> dict[UUID, tuple[int, str]]:
    database = connections[DEFAULT_DB_ALIAS]
    statement = _ENDS.format(", ".join(["%s"] * len(known)))
    if database.features.has_select_for_update:  # SQLite has one writer at a time as it is
        statement += " FOR UPDATE"
    with database.cursor() as cursor:
        cursor.execute(statement, [*known])
        return {known[chain]: (count, head) for chain, count, head in cursor.fetchall()}


def _fact(name: str, value: object) -> int | str:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, UUID | str) and _CODE.match(str(value)):
        return str(value)
    raise ValueError(f"the ledger keeps ids, codes and counts only, not the value of “{name}”")


def write_checkpoint(path: Path) -> list[UUID]:
    """How long each chain is and how it ends, into a file outside the database; the chains that are not what it said.

    Of those it goes on saying what it said, so that what was cut off is not forgotten with the next hour. A file that
    is not as it was written stays as it is, and is told as the site's chain.
    """
    before, ends = ends_in(path), dict[UUID, tuple[int, str]]()
    if before is None:
        return [SITE]
    for chain, count, head in Chain.objects.values_list("pk", "count", "head"):
        ends[chain] = count, head
    unlike = sorted(chain for chain, end in before.items() if ends.get(chain) != end and not _went_on(chain, end))
    write_ends(path, ends | {chain: before[chain] for chain in unlike})
    return unlike


def _went_on(chain: UUID, end: tuple[int, str]) -> bool:
    """Whether the line that was the last one is there, and others came after it."""
    number, mac = end
    return Entry.objects.filter(chain=chain, number=number, mac=mac).exists()
