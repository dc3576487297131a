"""What changes about families, children and who belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from attunement_web.accounts.models import User
from attunement_web.actor import unscoped
from attunement_web.families.models import Child, Family, Membership, Role, Shape
from attunement_web.ledger.actions import line, record, record_all
from attunement_web.many import change_each


@unscoped("nobody belongs yet to what begins here")
@transaction.atomic
def begin_family(
    *,
    time_zone: str,
    child_name: str,
    born: date,
    gestation_weeks: int | None = None,
    shape: str = Shape.MOON,
    name: str = "",
    page: UUID | None = None,
    by: User,
) -> Child:
    """A new family with its first child, and `by` as its guardian. Raises ValidationError on a wrong time zone.

    `page` is as in `add_child`.
    """
    if kept := _kept_from(page, by):
        return kept
    family = Family(name=name.strip(), time_zone=time_zone)
    family.full_clean()
    family.save(force_insert=True)
    record("family.begun", about=family, by=by)
    return add_child(
        family=family, name=child_name, born=born, gestation_weeks=gestation_weeks, shape=shape, page=page, by=by
    )


@unscoped("nobody belongs yet to what begins here")
@transaction.atomic
def add_child(
    *,
    family: Family,
    name: str,
    born: date,
    gestation_weeks: int | None = None,
    shape: str = Shape.MOON,
    with_people: Iterable[Membership] = (),
    page: UUID | None = None,
    by: User,
) -> Child:
    """`by` is its guardian. Nobody else comes along by herself: `with_people` names parts in brothers and sisters that
    hold for this child too, of those whom `by` is guardian of. `page` is an id made with the form: sent twice, it makes one.
    """
    if kept := _kept_from(page, by):
        return kept
    id = _id_from(page, by) if page else uuid4()
    child = Child(id=id, family=family, name=name.strip(), born=born, gestation_weeks=gestation_weeks, shape=shape)
    child.full_clean()
    child.save(force_insert=True)
    record("child.added", about=child, by=by, family=family.pk)
    join_child(child=child, person=by, role=Role.GUARDIAN, by=by)
    guarded = Child.objects.filter(family=family, memberships__user=by, memberships__role=Role.GUARDIAN)
    wanted = Membership.objects.filter(pk__in=[one.pk for one in with_people], child__in=guarded).select_related("user")
    for role, person in {one.user_id: (one.role, one.user) for one in wanted.exclude(user=by).order_by("pk")}.values():
        join_child(child=child, person=person, role=role, by=by)
    return child


def _id_from(page: UUID, by: User) -> UUID:
    """Whose form it was is part of it, so that nobody names another's child by a form of her own."""
    return uuid5(by.pk, page.hex)


def _kept_from(page: UUID | None, by: User) -> Child | None:
    """The child that this form made when it was sent before. Of a form sent twice at once the second waits here."""
    if page is None:
        return None
    User.objects.select_for_update(no_key=True).filter(pk=by.pk).first()
    return Child.objects.filter(pk=_id_from(page, by)).first()


@transaction.atomic
def join_child(*, child: Child, person: User, role: str, by: User) -> Membership:
    """From the next request on."""
    membership = Membership(child=child, user=person, role=role)
    membership.full_clean()
    membership.save(force_insert=True)
    _tell("membership.begun", membership, by)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership | None:
    """A guardian makes a caregiver a relative, or the other way. Raises ValidationError where a guardian is meant.

    None when the part was over already.
    """
    held = _held(membership)
    if held is None:
        return None
    _decides(by, held)
    if role == Role.GUARDIAN:
        raise ValidationError(_("Somebody becomes a guardian by an invitation as guardian."))
    if held.role != role:
        held.role = role
        held.full_clean()
        held.save(update_fields=["role"])
        _tell("membership.changed", held, by)
    return held


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None, reason: str | None = None) -> bool:
    """The next request of that person finds it so. Without `by` it is the site itself, which says the `reason` (a code).

    False when it was over already. Raises ValidationError where it stays: one guardian ends no other's part, and the
    last guardian of a child stays.
    """
    held = _held(membership)
    if held is None:
        return False
    if by is not None and by.pk != held.user_id:
        _decides(by, held)
    if held.role == Role.GUARDIAN and not _other_guardians(held).exists():
        raise ValidationError(_("A child has at least one guardian, so the last one stays."))
    _tell("membership.ended", held, by, **({"reason": reason} if reason else {}))
    held.delete()
    return True


def leave(*, child: Child, by: User) -> bool:
    """Her own part. Raises ValidationError for the last guardian."""
    mine = Membership.objects.filter(child=child, user=by).first()
    return mine is not None and end_membership(membership=mine, by=by)


def _held(membership: Membership) -> Membership | None:
    """The part as it is now, with its child held, so that of two guardians who leave at once one stays."""
    Child.objects.select_for_update(of=("self",), no_key=True).filter(pk=membership.child_id).first()
    return Membership.objects.select_related("child", "user").filter(pk=membership.pk).first()


def _decides(by: User, held: Membership) -> None:
    """Raises where somebody else has to decide: guardians do, and about another guardian nobody does."""
    if not _guardians(held.child_id).filter(user=by).exists():
        raise PermissionDenied(_("Parents and guardians decide who may see the record."))
    if held.role == Role.GUARDIAN:
        raise ValidationError(_("What a guardian is, no other guardian can change."))


def _guardians(child: UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(child=child, role=Role.GUARDIAN)


def _other_guardians(membership: Membership) -> QuerySet[Membership]:
    return _guardians(membership.child_id).filter(user__is_active=True).exclude(pk=membership.pk)


def _tell(event: str, membership: Membership, by: User | None, **facts: str) -> None:
    child, person, role = membership.child_id, membership.user_id, str(membership.role)
    record(event, about=membership, by=by, child=child, person=person, role=role, **facts)


@transaction.atomic
def change_child(*, child: Child, name: str, born: date, gestation_weeks: int | None, shape: str, by: User) -> Child:
    child.name, child.born = name.strip(), born
    child.gestation_weeks, child.shape = gestation_weeks, shape
    child.full_clean()
    child.save(update_fields=["name", "born", "gestation_weeks", "shape"])
    record("child.changed", about=child, by=by, family=child.family_id)
    return child


@transaction.atomic
def move_family(*, family: Family, time_zone: str, by: User) -> None:
    """Its days begin at another midnight from now on; what is noted keeps its day. Each child's chain says so, also
    those of children whom `by` has no part in. Raises ValidationError on a wrong time zone.
    """
    if family.time_zone == time_zone:
        return
    family.time_zone = time_zone
    family.full_clean()
    family.save(update_fields=["time_zone"])
    with unscoped("where a family lives is so for each of its children"):
        children = list(Child.objects.filter(family=family).order_by("pk").values_list("pk", flat=True))
    record_all(line("family.moved", family._meta.label_lower, family.pk, by.pk, child=child) for child in children)


def hold_families(family_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The revision of each family, held until this transaction ends: nobody else changes their moments meanwhile.

    Everybody takes them in the order of their ids, so that no two transactions wait for each other.
    """
    is_native = connection.features.has_native_uuid_field
    known = {one if is_native else one.hex: one for one in family_ids}
    if not known:
        return {}
    statement = f"SELECT id, revision FROM families_family WHERE id IN ({', '.join(['%s'] * len(known))}) ORDER BY id"
    if connection.features.has_select_for_update:  # SQLite has one writer at a time as it is
        statement += " FOR NO KEY UPDATE"
    with connection.cursor() as cursor:  # asked at every push; the ORM takes ten times as long to say this
        cursor.execute(statement, [*known])
        return {known[family]: revision for family, revision in cursor.fetchall()}


def set_revisions(revisions: Mapping[UUID, int]) -> None:
    """The last revision given out to each of these families, which this transaction holds."""
    is_native = connection.features.has_native_uuid_field
    rows = [(family if is_native else family.hex, revision) for family, revision in revisions.items()]
    change_each("families_family", ["revision"], rows)


def next_revision(family_ids: Iterable[UUID], *, count: int = 1) -> dict[UUID, int]:
    """The first of `count` new revisions of each family, which is then held; each changed moment gets one of its own."""
    key, found = Family._meta.pk, {}
    with connection.cursor() as cursor:  # one statement that holds, counts and tells; the ORM needs two
        for family in sorted(set(family_ids)):
            wanted = [count, key.get_db_prep_value(family, connection)]
            cursor.execute(
                "UPDATE families_family SET revision = revision + %s WHERE id = %s RETURNING revision", wanted
            )
            found[family] = cursor.fetchall()[0][0] - count + 1
    return found


@transaction.atomic
def begin_new_history() -> None:
    """After a backup was restored: what phones read since it was made is not here, so they read afresh."""
    for family in Family.objects.only("pk").iterator():
        Family.objects.filter(pk=family.pk).update(history=uuid4())
