"""Who may open a child's record: strangers learn nothing (404), insiders without the right are told so (403).

`children_of`, `child_or_404` and `rights_of` know those only who have a part in the child. A practitioner comes in by
`shared_child_or_404` and by nothing else, so that no page opens to her by accident.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import F, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from attunement_web.accounts.models import User
from attunement_web.families.models import Child, Grant, Invitation, Membership, Role

_RIGHTS = (
    "SELECT membership.user_id, child.id, child.family_id, membership.role FROM families_membership AS membership"
    " JOIN families_child AS child ON child.id = membership.child_id"
    " JOIN accounts_user AS person ON person.id = membership.user_id"
    " WHERE membership.user_id IN ({}) AND child.id IN ({}) AND person.is_active AND child.closed_at IS NULL"
)
WRITERS = {Role.GUARDIAN, Role.CAREGIVER}
To = Literal["note", "read", "write", "guard"]
_GUARDS = {"note": set(Role), "read": WRITERS, "write": WRITERS, "guard": {Role.GUARDIAN}}


def children_of(user: User | AnonymousUser) -> QuerySet[Child]:
    """Every child that this person has a part in, each with its family and `my_role`."""
    return with_closed_of(user).filter(closed_at=None)


def with_closed_of(user: User | AnonymousUser) -> QuerySet[Child]:
    """Those as well whose record waits to be erased, to be named and not to be opened."""
    if not user.is_authenticated:
        return Child.objects.none()
    mine = Child.objects.filter(memberships__user=user).select_related("family")
    return mine.annotate(my_role=F("memberships__role"))


def child_or_404(user: User | AnonymousUser, child_id: UUID, *, to: To = "read") -> Child:
    """The child, in one query, if this person may read (or write) the record, add to it (`note`), or decide (`guard`)
    who else may.

    From here on this request shows times on the family's own clock.
    """
    child = children_of(user).filter(pk=child_id).first()
    if child is None:
        raise Http404
    if child.my_role not in _GUARDS[to]:  # type: ignore[attr-defined]  # annotated by children_of
        if to == "guard":
            raise PermissionDenied(_("Parents and guardians decide who may see the record."))
        raise PermissionDenied(_("You can note moments. The people who care for the child day to day see the rest."))
    timezone.activate(child.zone)
    return child


def grant_or_404(user: User | AnonymousUser, child_id: UUID, grant_id: UUID) -> tuple[Child, Grant]:
    """The child and one grant of hers, for a guardian; a grant of another child is as if it were not there."""
    child = child_or_404(user, child_id, to="guard")
    grant = Grant.objects.select_related("given_by", "person").filter(child=child, pk=grant_id).first()
    if grant is None:
        raise Http404
    grant.child = child
    return child, grant


def part_or_404(user: User | AnonymousUser, child_id: UUID, membership_id: UUID) -> tuple[Child, Membership]:
    """The child and somebody's part in her, for a guardian."""
    child = child_or_404(user, child_id, to="guard")
    return child, get_object_or_404(Membership.objects.select_related("user"), child=child, pk=membership_id)


def invitation_or_404(user: User | AnonymousUser, child_id: UUID, invitation_id: UUID) -> tuple[Child, Invitation]:
    """The child and one invitation to have a part in her, for a guardian."""
    child = child_or_404(user, child_id, to="guard")
    known = Invitation.objects.select_related("given_by", "person").prefetch_related("children")
    return child, get_object_or_404(known, children=child, pk=invitation_id)


def guarded_with(user: User, child: Child) -> list[Child]:
    """The children of this family that she is guardian of, and whose record is open."""
    mine = children_of(user).filter(family=child.family_id)
    return [one for one in mine if one.my_role == Role.GUARDIAN]  # type: ignore[attr-defined]  # annotated by children_of


def open_grants_of(user: User | AnonymousUser) -> QuerySet[Grant]:
    """What gives this person rights now: read from the database and the clock at each request, and kept nowhere."""
    if not user.is_authenticated:
        return Grant.objects.none()
    return Grant.objects.giving_rights().filter(person=user).select_related("child__family", "given_by")


def shared_child_or_404(user: User | AnonymousUser, child_id: UUID, kind: str | None) -> Grant:
    """The grant by which a practitioner may look at this kind of the child's record; `None` asks only whether any.

    A family's no is told to the one it let in (403); to everybody else the child is not there (404).
    """
    grant = open_grants_of(user).filter(child=child_id).first()
    if grant is None:
        raise Http404
    if kind is not None and not grant.covers(kind):
        raise PermissionDenied(_("The family did not share this part with you."))
    timezone.activate(grant.child.zone)
    return grant


@dataclass(frozen=True, slots=True)
class Right:
    """What one person may do about one child: note moments, and (`may_write`) change what others noted."""

    family: UUID
    may_write: bool


def rights_of(people: Collection[UUID], children: Collection[UUID]) -> dict[tuple[UUID, UUID], Right]:
    """By person and child, for all of these at once; where there is no entry, there is no right."""
    is_native = connection.features.has_native_uuid_field
    who = {one if is_native else one.hex: one for one in people}
    about = {one if is_native else one.hex: one for one in children}
    marks = [", ".join(["%s"] * len(several)) for several in (who, about)]
    with connection.cursor() as cursor:  # asked at every push; the ORM takes ten times as long to say this
        cursor.execute(_RIGHTS.format(*marks), [*who, *about])
        rows = cursor.fetchall()
    homes = {family: _uuid(family) for _, _, family, _ in rows}
    return {(who[person], about[child]): Right(homes[family], role in WRITERS) for person, child, family, role in rows}


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
