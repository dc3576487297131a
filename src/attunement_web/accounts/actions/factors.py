"""Passkeys, the authenticator app and recovery codes: added, used and removed, each with a line in the ledger."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from attunement_web.accounts import bridge
from attunement_web.accounts.models import User
from attunement_web.accounts.models.factors import factor_of, factors_of, ways_of
from attunement_web.ledger.actions import record


@transaction.atomic
def add_passkey(*, person: User, name: str, credential: Any, by: User) -> bool:
    """False when the browser's answer does not fit what was asked. The first factor brings recovery codes with it."""
    kept = bridge.keep_passkey(person, name=name, credential=credential)
    return _added(person, bridge.PASSKEY, by) if kept else False


@transaction.atomic
def add_app(*, person: User, secret: str, code: str, by: User) -> bool:
    """False when the code is not the app's."""
    kept = bridge.keep_app(person, secret=secret, code=code)
    return _added(person, bridge.APP, by) if kept else False


@transaction.atomic
def remove_factor(*, person: User, factor_id: int, by: User) -> bool:
    """False when there is none such, or it is a practitioner's last one. Recovery codes go with the last one."""
    User.objects.select_for_update().get(pk=person.pk)
    factor = factor_of(person, factor_id)
    if factor is None or (person.is_practitioner and ways_of(person).count() == 1):
        return False
    factor.delete()
    if not ways_of(person).exists():
        factors_of(person).delete()
    record("factor.removed", about=person, by=by, way=factor.type)
    return True


@transaction.atomic
def forget_second_factor(*, person: User, reason: str, by: User | None) -> bool:
    """Somebody lost her phone and her codes: passkeys, app and codes are gone, and she comes in by a link or password.

    A practitioner is then led to a new one before any child's page. False when there was nothing to forget.
    """
    User.objects.select_for_update().get(pk=person.pk)
    if not factors_of(person).delete()[0]:
        return False
    record("factor.all_forgotten", about=person, by=by, reason=reason)
    return True


@transaction.atomic
def renew_codes(*, person: User, by: User) -> None:
    """Ten new recovery codes; those from before open nothing any more."""
    bridge.make_codes(person)
    record("recovery_codes.made", about=person, by=by)


@transaction.atomic
def show_code(*, person: User, code: str) -> str | None:
    """Which factor a code belongs to, and it is spent; None when it fits none."""
    way = bridge.code_shown(person, code)
    if way == bridge.RECOVERY:
        record("recovery_code.used", about=person, by=person, left=len(bridge.codes_of(person)))
    return way


def _added(person: User, way: str, by: User) -> bool:
    record("factor.added", about=person, by=by, way=way)
    if not bridge.codes_of(person):
        renew_codes(person=person, by=by)
    return True
