"""Changes one moment, field by field, or moves it to a brother or sister."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any

from django.db import transaction
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.diary import bridge
from attunement_web.diary.actions.tallying import tally
from attunement_web.diary.actions.timing import WHEN, When
from attunement_web.diary.models import Moment
from attunement_web.families.actions import next_revision
from attunement_web.families.models import Child
from attunement_web.ledger.actions import line, record, record_all

CHANGEABLE = frozenset({"signal", "acts", "outcome", "mended", "calm", "with_child", "feeling", "words"})
MERGED = CHANGEABLE | {"when", "child"}  # what is merged, each for itself


@transaction.atomic
def change_moment(*, moment: Moment, by: User, when: When | None = None, **fields: Any) -> None:
    """Set only the fields given, so that two people who change different things both keep theirs."""
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"a moment has no {sorted(unknown)[0]} to change")
    wanted = fields | (when.fields() if when else {})
    changed = {name: value for name, value in wanted.items() if getattr(moment, name) != value}
    if not changed:
        return
    if "signal" in changed:
        changed["asks"] = bridge.asks(changed["signal"])
    if when:
        changed["clock_off_minutes"] = None  # somebody looked at the day
    set_fields(moment, by, **changed)
    record("moment.changed", about=moment, by=by, child=moment.child_id, fields=_named(changed))


def _named(changed: dict[str, Any]) -> str:
    names = {"when" if name in WHEN else name for name in changed} - {"asks", "clock_off_minutes"}
    return ".".join(sorted(names))[:64]


@transaction.atomic
def move_moment(*, moment: Moment, to: Child, by: User) -> None:
    """It was about a brother or sister."""
    if to.pk == moment.child_id:
        return
    kind, facts = moment._meta.label_lower, {"from_child": moment.child_id, "to_child": to.pk}
    set_fields(moment, by, child=to)
    both = facts.values()  # both children's pages say so
    record_all(line("moment.moved", kind, moment.pk, by.pk, child=child, **facts) for child in both)


def set_fields(moment: Moment, by: User, **fields: Any) -> None:
    """The one UPDATE of a moment by a page: it takes the family's next revision, for itself and for these fields.

    The ledger is told after this: a push too holds the family before the chains, and so no two wait for each other.
    """
    revision = next_revision([moment.child.family_id])[moment.child.family_id]
    was = Moment.objects.get(pk=moment.pk)  # read while the family is held
    fields["field_revisions"] = was.field_revisions | {name: [revision, "", by.pk.hex] for name in merged_as(fields)}
    fields["revision"] = revision
    Moment.objects.filter(pk=moment.pk).update(**fields, changed_at=timezone.now())
    now = copy(was)
    for name, value in fields.items():
        setattr(now, name, value)
        setattr(moment, name, value)
    tally(before=[was], after=[now])


def merged_as(names: Iterable[str]) -> set[str]:
    """The names under which two phones' changes of these fields meet: the five fields of time are one."""
    return {"when" if name in WHEN else name for name in names} & MERGED
