"""Reads and writes many moments at once, in as few statements for a thousand as for one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models

from attunement_web.accounts.models import User
from attunement_web.diary.actions.merging import COLUMNS, Lost, Standing
from attunement_web.diary.actions.tallying import tally
from attunement_web.diary.models import Moment, OtherVersion, new_id

_FIELDS = [Moment._meta.get_field(name.removesuffix("_id")) for name in COLUMNS]
_MARKS = ", ".join(["%s"] * len(COLUMNS))
_INSERT = f"INSERT INTO diary_moment ({', '.join(COLUMNS)}) VALUES ({_MARKS})"
_UPDATE = f"UPDATE diary_moment SET {', '.join(f'{name} = %s' for name in COLUMNS[1:])} WHERE id = %s"


def standing_moments(ids: Collection[UUID]) -> dict[UUID, tuple[Standing, UUID]]:
    """Each of these moments that is there, removed or not, with its family."""
    rows = Moment.objects.filter(pk__in=ids).values_list(*COLUMNS, "child__family_id")
    return {row[0]: (Standing(*row[:-1]), row[-1]) for row in rows}


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
            cursor.executemany(_UPDATE, [(*row[1:], row[0]) for row in as_rows(changed)])
    if lost:
        _keep_others(lost)
    tally(before=before, after=[*new, *changed])


def as_rows(moments: Iterable[Standing]) -> list[tuple[Any, ...]]:
    """As this database takes them."""
    adapters = [_adapter(field) for field in _FIELDS]
    return [
        tuple(
            [
                getattr(moment, name) if adapt is None else adapt(getattr(moment, name))
                for name, adapt in zip(COLUMNS, adapters, strict=True)
            ]
        )
        for moment in moments
    ]


def _adapter(field: Any) -> Any:
    """What turns a value of this field into one of the database's; None where it is one already."""
    ops = connection.ops
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.UUIDField):
        return None if connection.features.has_native_uuid_field else _hex
    if isinstance(field, models.DateTimeField):
        return ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return ops.adapt_datefield_value
    if isinstance(field, models.JSONField):
        return json.dumps
    return None


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


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
