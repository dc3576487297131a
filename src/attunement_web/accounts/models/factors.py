"""Rows of allauth's: the passkeys, the authenticator app and the recovery codes of a person."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from attunement_web.accounts.models.people import User

PASSKEY, APP, RECOVERY = "webauthn", "totp", "recovery_codes"

__all__ = ["APP", "PASSKEY", "RECOVERY", "Authenticator"]


def factors_of(person: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=person).order_by("created_at", "pk")


def ways_of(person: User) -> QuerySet[Authenticator]:
    """What can stand beside a password: recovery codes are for the day these are lost."""
    return factors_of(person).exclude(type=RECOVERY)


def factor_of(person: User, factor_id: int) -> Authenticator | None:
    return ways_of(person).filter(pk=factor_id).first()


def remember_count(app: Authenticator, count: int) -> None:
    """The number of the last code that was shown: it and those before open nothing any more."""
    app.data["last"] = count
    app.save(update_fields=["data"])


def forget_codes(person: User) -> None:
    factors_of(person).filter(type=RECOVERY).delete()
