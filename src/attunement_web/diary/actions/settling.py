"""Somebody looked at what was left open after two changes met: which version shows, and whether the day is right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.diary.actions.changing import change_moment, move_moment, set_fields
from attunement_web.diary.actions.timing import When
from attunement_web.diary.models import Moment, OtherVersion
from attunement_web.families.models import Child
from attunement_web.ledger.actions import record


@transaction.atomic
def use_version(*, moment: Moment, version: OtherVersion, by: User, to: Child | None = None) -> None:
    """Show this version; what showed until now gives way. `to`: the child it names, where it names one."""
    field = version.field
    value: Any = version.value
    if to is not None:
        move_moment(moment=moment, to=to, by=by)
    elif field == "when":
        change_moment(moment=moment, by=by, when=_when(value))
    else:
        change_moment(moment=moment, by=by, **{field: value})
    _decide(moment, field, by, taken=1)


@transaction.atomic
def keep_shown(*, moment: Moment, version: OtherVersion, by: User) -> None:
    """What shows now stays, and no other version of it waits any longer."""
    _decide(moment, version.field, by, taken=0)


@transaction.atomic
def day_is_right(*, moment: Moment, by: User) -> None:
    """The phone's clock was off, and the day is right all the same."""
    set_fields(moment, clock_off_minutes=None)
    record("moment.day_confirmed", about=moment, by=by, child=moment.child_id)


def _decide(moment: Moment, field: str, by: User, *, taken: int) -> None:
    set_fields(moment)  # phones hear that nothing is open any more
    moment.others.filter(field=field, decided_at=None).update(decided_at=timezone.now())
    record("moment.version_decided", about=moment, by=by, child=moment.child_id, field=field, taken=taken)


def _when(value: dict[str, Any]) -> When:
    return When(
        happened_at=datetime.fromisoformat(value["happened_at"]),
        local_day=date.fromisoformat(value["local_day"]),
        zone=value["zone"],
        offset_minutes=value["offset_minutes"],
        precision=value["precision"],
    )
