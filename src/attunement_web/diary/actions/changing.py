"""Changes one moment, field by field, or moves it to a brother or sister."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db import transaction
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.diary.actions.merging import COLUMNS, Edit, merge
from attunement_web.diary.actions.tallying import tally
from attunement_web.diary.actions.timing import When
from attunement_web.diary.actions.writing import standing, write_moments
from attunement_web.diary.models import Moment, value_of
from attunement_web.families.actions import next_revision
from attunement_web.families.models import Child
from attunement_web.ledger.actions import line, record, record_all

CHANGEABLE = frozenset({"signal", "acts", "outcome", "mended", "calm", "with_child", "feeling", "words"})


@transaction.atomic
def change_moment(
    *, moment: Moment, by: User, when: When | None = None, base: int | None = None, **fields: Any
) -> None:
    """Set only the fields given, so that two people who change different things both keep theirs.

    What somebody else set after the revision `base` (None: after this row was read) was not seen, and is kept as another
    version, as between phones.
    """
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"a moment has no {sorted(unknown)[0]} to change")
    wanted = fields | ({"when": when.value()} if when else {})
    changed = _merge_in(moment, by, wanted, base)
    if changed:
        record("moment.changed", about=moment, by=by, child=moment.child_id, fields=".".join(sorted(changed))[:64])


@transaction.atomic
def move_moment(*, moment: Moment, to: Child, by: User) -> None:
    """It was about a brother or sister."""
    kind, facts = moment._meta.label_lower, {"from_child": moment.child_id, "to_child": to.pk}
    if _merge_in(moment, by, {"child": to.pk}):
        moment.child = to
        both = facts.values()  # both children's pages say so
        record_all(line("moment.moved", kind, moment.pk, by.pk, child=child, **facts) for child in both)


def _merge_in(moment: Moment, by: User, wanted: Mapping[str, Any], base: int | None = None) -> list[str]:
    """The names of what changed. The ledger is told after this: a push too holds the family before the chains, and so
    no two wait for each other.
    """
    if all(value_of(moment, name) == value for name, value in wanted.items()):
        return []
    revision = _next_revision(moment)
    was = standing(Moment.objects.get(pk=moment.pk))  # read while the family is held
    now = copy(was)
    changed, lost = merge(now, wanted, Edit(by.pk, "", moment.revision if base is None else base, revision))
    if not changed:
        return []
    if "when" in wanted:
        now.clock_off_minutes = None  # somebody looked at the day
    now.changed_at = timezone.now()
    write_moments(new=(), changed=[now], before=[was], lost=lost)
    for name in COLUMNS:
        setattr(moment, name, getattr(now, name))
    return changed


def set_fields(moment: Moment, **fields: Any) -> None:
    """Set what two people never set to different ends: the one UPDATE, with the family's next revision.

    As above, the ledger is told after this.
    """
    fields["revision"] = _next_revision(moment)
    was = Moment.objects.get(pk=moment.pk)  # read while the family is held
    Moment.objects.filter(pk=moment.pk).update(**fields, changed_at=timezone.now())
    now = copy(was)
    for name, value in fields.items():
        setattr(now, name, value)
        setattr(moment, name, value)
    tally(before=[was], after=[now])


def _next_revision(moment: Moment) -> int:
    return next_revision([moment.child.family_id])[moment.child.family_id]
