"""Closes a record for a week, opens it again, and then erases it in every table; the ledger keeps its ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.actor import unscoped
from attunement_web.families.actions import hold_families
from attunement_web.families.models import Child, Family, Invitation, Membership, State
from attunement_web.ledger.actions import line, record_all
from attunement_web.rights.actions.scrubbing import scrub
from attunement_web.rights.models import WEEK, Erasure
from attunement_web.rights.models.kinds import KINDS, PEOPLE, SET_ASIDE, About
from attunement_web.rights.reading import Erased, read_erased, write_erased

AT_ONCE = 1_000
_CHILD = Child._meta.label_lower


@transaction.atomic
def ask_erasure(*, child: Child | None = None, family: Family | None = None, by: User) -> Erasure | None:
    """The record of a child, or of a whole family, is closed from now on and erased in a week.

    None where that was asked for already.
    """
    home = child.family_id if child is not None else family.pk  # type: ignore[union-attr]  # one of the two is given
    hold_families([home])
    now, open_ones = timezone.now(), Child.objects.filter(family=home, closed_at=None)
    if child is not None:
        open_ones = open_ones.filter(pk=child.pk)
    closed = sorted(open_ones.values_list("pk", flat=True))
    if not closed:
        return None
    Child.objects.filter(pk__in=closed).update(closed_at=now)
    asked = Erasure.objects.create(
        family_id=home,
        child_id=child.pk if child else None,
        children=[str(one) for one in closed],
        asked_by=by.pk,
        asked_at=now,
    )
    _tell("record.erasure_asked", closed, asked, by.pk)
    return asked


@unscoped("who undoes it opens every child that it closed, and not hers alone")
@transaction.atomic
def undo_erasure(*, erasure: Erasure, by: User) -> bool:
    """Open again as if nothing had been; False when the week is over, or somebody undid it before."""
    hold_families([erasure.family_id])
    now = timezone.now()
    waiting = Erasure.objects.waiting().filter(pk=erasure.pk, asked_at__gt=now - WEEK)
    if not waiting.update(undone_at=now):
        return False
    children = [UUID(one) for one in erasure.children]
    Child.objects.filter(pk__in=children).update(closed_at=None)
    _tell("record.erasure_undone", children, erasure, by.pk)
    return True


def erase_due(*, now: datetime, outside: Collection[Path] = ()) -> int:
    """Erase what has waited for a week; how many erasures were carried out.

    Each is told to the files `outside` the database first, so that no backup brings it back unseen; then it is done.
    Both in one transaction, so that nobody undoes it meanwhile. What phones sent of it later goes too, and at the
    end no byte of it stays in the file.
    """
    done = 0
    for one in Erasure.objects.waiting().order_by("asked_at"):
        with transaction.atomic():
            done += _erase_if_due(one, now, outside)
    _leave_nothing(now)
    return done


def _erase_if_due(one: Erasure, now: datetime, outside: Collection[Path]) -> bool:
    """Asked again once the family is held: somebody may have undone it, or another run have done it."""
    hold_families([one.family_id])
    still = Erasure.objects.waiting().filter(pk=one.pk).first()
    if still is None:
        return False
    is_due = still.look(now)
    still.save(update_fields=["seen_at", "doubted_at"])
    if is_due:
        write_erased(outside, [_as_erased(still, now)])
        _carry_out(still, now)
    return is_due


def erase_again(*, now: datetime, outside: Collection[Path]) -> int:
    """After a backup came back: erase what was erased since it was made, as the files outside say; how many of those
    were here again."""
    again = 0
    for one in read_erased(outside):
        with transaction.atomic():
            again += _erase_restored(one, now)
    _leave_nothing(now)
    return again


def _leave_nothing(now: datetime) -> None:
    """Also after a run that was cut short, which left rows gone and bytes there."""
    unscrubbed = Erasure.objects.done().filter(scrubbed_at=None)
    if _forget_what_came_later() or unscrubbed.exists():
        scrub()
        unscrubbed.update(scrubbed_at=now)


def _erase_restored(one: Erased, now: datetime) -> int:
    """What the backup itself knows as done is no record of before: what is here of it was brought back since."""
    found, _ = Erasure.objects.get_or_create(
        pk=one.id,
        defaults={"family_id": one.family, "child_id": one.child, "children": [str(each) for each in one.children]},
    )
    if found.done_at or found.undone_at:
        return 0
    is_here = Child.objects.filter(pk__in=one.children).exists()
    is_here |= one.child is None and Family.objects.filter(pk=one.family).exists()
    _carry_out(found, now)
    return int(is_here)


def _as_erased(one: Erasure, now: datetime) -> Erased:
    return Erased(one.pk, one.family_id, one.child_id, tuple(UUID(child) for child in one.children), now)


def _carry_out(one: Erasure, now: datetime) -> None:
    """Every row of these children, then the family when no child of it is left, then people who belong nowhere else."""
    hold_families([one.family_id])
    children = tuple(UUID(child) for child in one.children)
    left = Child.objects.filter(family=one.family_id).exclude(pk__in=children).exists()
    about = About(one.family_id, children, not left)
    people = set(Membership.objects.filter(child__in=children).values_list("user", flat=True))
    _tell("record.erased", children, one, None)
    for kind in reversed(KINDS):
        if kind.model not in _STAYS:
            _delete(kind.table.objects.filter(_mentions(about) if kind is SET_ASIDE else kind.find(about)))
    Child.objects.filter(pk__in=children).delete()
    Invitation.objects.filter(children=None).delete()
    if not left:
        Family.objects.filter(pk=one.family_id).delete()
    _forget_people(people)
    Erasure.objects.filter(pk=one.pk).update(done_at=now, undone_at=None)


# The ledger keeps ids; people may belong elsewhere; memberships go with their child, and the family with the last one.
_STAYS = {PEOPLE.model, "ledger.Entry", "families.Family", "families.Membership", "families.Child"}


def _delete(rows: QuerySet[Any]) -> None:
    """So many at a time: Django holds what it deletes in memory."""
    while some := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=some).delete()


def _mentions(about: About) -> Q:
    """Also what strangers sent: the words are about this child."""
    found = Q(pk__in=[])
    for child in about.children:
        found |= Q(text__contains=str(child))
    return found


def _forget_people(people: Iterable[UUID]) -> None:
    """Who has a part in no child any more, waits for none, and looks after none, is not known here any more."""
    alone = User.objects.filter(pk__in=set(people), memberships=None, grants_received=None, is_practitioner=False)
    alone.exclude(invitations_received__state=State.ACCEPTED).delete()


def _forget_what_came_later() -> int:
    """A phone that was away sends its notes after the erasure; they were refused, and no word of them is kept.

    Those of a child that was brought back stay.
    """
    gone = {child for one in Erasure.objects.done().iterator() for child in one.children}
    gone -= {str(child) for child in Child.objects.filter(pk__in=gone).values_list("pk", flat=True)}
    return sum(SET_ASIDE.table.objects.filter(text__contains=child).delete()[0] for child in sorted(gone))


def _tell(event: str, children: Iterable[UUID], erasure: Erasure, by: UUID | None) -> None:
    record_all(line(event, _CHILD, child, by, child=child, erasure=erasure.pk) for child in children)
