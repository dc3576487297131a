"""What changes about families, children and who belongs."""

from __future__ import annotations

from datetime import date

from django.db import transaction

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
