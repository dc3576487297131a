"""What changes about families, children and who belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid4

from django.db import connection, transaction

from attunement_web.accounts.models import User
from attunement_web.families.models import Child, Family, Membership, Role, Shape
from attunement_web.ledger.actions import record


@transaction.atomic
def begin_family(
    *,
    time_zone: str,
    child_name: str,
    born: date,
    gestation_weeks: int | None = None,
    shape: str = Shape.MOON,
    name: str = "",
    by: User,
) -> Child:
    """A new family with its first child, and `by` as its guardian. Raises ValidationError on a wrong time zone."""
    family = Family(name=name.strip(), time_zone=time_zone)
    family.full_clean()
    family.save(force_insert=True)
    record("family.begun", about=family, by=by)
    join_family(family=family, person=by, role=Role.GUARDIAN, by=by)
    return add_child(family=family, name=child_name, born=born, gestation_weeks=gestation_weeks, shape=shape, by=by)


@transaction.atomic
def join_family(*, family: Family, person: User, role: str, by: User) -> Membership:
    membership = Membership(family=family, user=person, role=role)
    membership.full_clean()
    membership.save(force_insert=True)
    record("membership.begun", about=membership, by=by, family=family.pk, person=person.pk, role=str(role))
    return membership


@transaction.atomic
def add_child(
    *, family: Family, name: str, born: date, gestation_weeks: int | None = None, shape: str = Shape.MOON, by: User
) -> Child:
    child = Child(family=family, name=name.strip(), born=born, gestation_weeks=gestation_weeks, shape=shape)
    child.full_clean()
    child.save(force_insert=True)
    record("child.added", about=child, by=by, family=family.pk)
    return child


@transaction.atomic
def change_child(*, child: Child, name: str, born: date, gestation_weeks: int | None, shape: str, by: User) -> Child:
    child.name, child.born = name.strip(), born
    child.gestation_weeks, child.shape = gestation_weeks, shape
    child.full_clean()
    child.save(update_fields=["name", "born", "gestation_weeks", "shape"])
    record("child.changed", about=child, by=by, family=child.family_id)
    return child


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
    rows = [(revision, family if is_native else family.hex) for family, revision in revisions.items()]
    if not rows:
        return
    with connection.cursor() as cursor:  # the ORM has no statement for many rows with a value each
        cursor.executemany("UPDATE families_family SET revision = %s WHERE id = %s", rows)


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
