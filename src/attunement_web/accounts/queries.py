"""What is asked about people, their ways in and their devices."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from attunement_web.accounts import bridge
from attunement_web.accounts.models import KINDS, Device, User
from attunement_web.accounts.models.factors import ways_of


def is_taken(email: str, *, but_by: User) -> bool:
    return User.objects.filter(email=email).exclude(pk=but_by.pk).exists()


def devices_of(person: User) -> QuerySet[Device]:
    """Where she is signed in now, the last seen first."""
    return Device.objects.filter(person=person, expire_date__gt=timezone.now()).order_by("-seen_at", "pk")


def keys_of(person: User) -> int:
    """How many keys for other programs open something in her name."""
    return sum(kind.count(person) for kind in KINDS)


def ways_in(person: User) -> dict[str, Any]:
    """Her passkeys, her authenticator app, and how many recovery codes are left."""
    ways = list(ways_of(person))
    return {
        "passkeys": [way for way in ways if way.type == bridge.PASSKEY],
        "app": next((way for way in ways if way.type == bridge.APP), None),
        "codes_left": len(bridge.codes_of(person)) if ways else 0,
        "may_remove": len(ways) > 1 or not person.is_practitioner,
    }


def kinds_of(person: User) -> set[str]:
    return set(ways_of(person).values_list("type", flat=True))


def person_of(person_id: str) -> User | None:
    return User.objects.filter(pk=person_id, is_active=True).first()
