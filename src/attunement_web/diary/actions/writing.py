"""Reads and writes many moments at once, in as few statements for a thousand as for one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection

from attunement_web.accounts.models import User
from attunement_web.diary.actions.keys import as_uuid, key_maker, marks
from attunement_web.diary.actions.merging import COLUMNS, Lost, Standing
from attunement_web.diary.actions.tallying import tally
from attunement_web.diary.models import Moment, OtherVersion, new_id

_MARKS = ", ".join(["%s"] * len(COLUMNS))
_INSERT = f"INSERT INTO diary_moment ({', '.join(COLUMNS)}) VALUES ({_MARKS})"
_UPDATE = f"UPDATE diary_moment SET {', '.join(f'{name} = %s' for name in COLUMNS[1:])} WHERE id = %s"
_ARE_THERE = "SELECT id FROM diary_moment WHERE id IN ({})"
_READ = (
    "SELECT diary_moment.*, families_child.family_id AS family_id"
    " FROM diary_moment JOIN families_child ON families_child.id = diary_moment.child_id WHERE diary_moment.id IN ({})"
)
_KEYS, _INSTANTS, _DAYS, _JSON = (
    [COLUMNS.index(name) for name in names]
    for names in (
        ("id", "child_id", "noted_by_id"),
        ("noted_at", "happened_at", "removed_at", "changed_at"),
        ("local_day",),
        ("acts", "field_revisions"),
    )
)
_EMPTY = dict(zip(_JSON, ("[]", "{}"), strict=True))
_as_json = json.JSONEncoder().encode
_values = attrgetter(*COLUMNS)


def standing_moments(ids: Collection[UUID]) -> dict[UUID, tuple[Standing, UUID]]:
    """Each of these moments that is there, removed or not, with its family."""
    there = _those_there(ids) if ids else []
    rows: Any = Moment.objects.raw(_READ.format(marks(len(there))), there) if there else ()
    return {row.id: (standing(row), as_uuid(row.family_id)) for row in rows}


def standing(row: Moment) -> Standing:
    return Standing(*_values(row))


def _those_there(ids: Collection[UUID]) -> list[Any]:
    """Mostly none, for what comes is new; this is told without the ORM."""
    key = key_maker()
    with connection.cursor() as cursor:
        cursor.execute(_ARE_THERE.format(marks(len(ids))), [key(one) for one in ids])
        return [one for (one,) in cursor.fetchall()]


def write_moments(
    *, new: Sequence[Standing], changed: Sequence[Standing], before: Iterable[Standing], lost: Sequence[Lost]
) -> None:
    """`changed` as they now are and were `before`, both in a transaction that holds their families.

    Not by the ORM: bulk_create and bulk_update take six times as long, and a phone waits for this.
    """
    with connection.cursor() as cursor:
        if new:
            cursor.executemany(_INSERT, as_rows(new))
        if changed:
            cursor.executemany(_UPDATE, [[*row[1:], row[0]] for row in as_rows(changed)])
    if lost:
        _keep_others(lost)
    tally(before=before, after=[*new, *changed])


def as_rows(moments: Iterable[Standing]) -> list[list[Any]]:
    """As this database takes them."""
    rows = [list(_values(moment)) for moment in moments]
    is_plain = not connection.features.has_native_uuid_field
    for row in rows:
        for at in _JSON:
            row[at] = _as_json(row[at]) if row[at] else _EMPTY[at]
        if is_plain:
            _as_text(row)
    return rows


def _as_text(row: list[Any]) -> None:
    for at in _KEYS:
        row[at] = row[at] and row[at].hex
    for at in _INSTANTS:
        row[at] = row[at] and str(row[at])[:-6]  # in UTC, which SQLite is not told
    for at in _DAYS:
        row[at] = str(row[at])


def _keep_others(lost: Sequence[Lost]) -> None:
    there = set(User.objects.filter(pk__in={one.by for one in lost if one.by}).values_list("pk", flat=True))
    OtherVersion.objects.bulk_create(
        OtherVersion(
            id=new_id(),
            moment_id=one.moment,
            field=one.field,
            value=one.value,
            by_id=one.by if one.by in there else None,
            revision=one.revision,
        )
        for one in lost
    )
