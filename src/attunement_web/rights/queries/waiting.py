"""What waits to be erased, for those who may undo it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from attunement_web.accounts.models import User
from attunement_web.families.models import Child, Role
from attunement_web.rights.models import WEEK, Erasure


@dataclass(frozen=True, slots=True)
class Waiting:
    """One erasure that waits: whose record, since when, until when it can be undone, and who asked (as a name).
    `zone`: the family's."""

    id: UUID
    names: list[str]
    asked_at: datetime
    due_at: datetime
    asked_by: str
    zone: ZoneInfo


def waiting_for(person: User) -> list[Waiting]:
    """Every erasure that this guardian may undo, the next one first: of a child that she is guardian of.

    Where it is about more children, she learns no name of the others.
    """
    hers = Child.objects.filter(memberships__user=person, memberships__role=Role.GUARDIAN)
    known = list(hers.values_list("pk", "name", "family", "family__time_zone"))
    names = {str(child): name for child, name, _, _ in known}
    zones = {family: ZoneInfo(zone) for _, _, family, zone in known}
    families = hers.values("family")
    waiting = Erasure.objects.waiting().filter(family_id__in=families).order_by("asked_at")
    found = [one for one in waiting if not names.keys().isdisjoint(one.children)]
    asked = {one.asked_by for one in found if one.asked_by}
    people = dict(User.objects.filter(pk__in=asked).values_list("pk", "name"))
    return [
        Waiting(
            one.pk, [names[child] for child in one.children if child in names], one.asked_at, one.due_at,
            people.get(one.asked_by, "") if one.asked_by else "", zones[one.family_id],
        )
        for one in found
    ]  # fmt: skip


def held_back(now: datetime) -> int:
    """How many have waited for their week by this clock and are not erased yet, since we doubt it."""
    return Erasure.objects.waiting().filter(asked_at__lte=now - WEEK).exclude(doubted_at=None).count()
