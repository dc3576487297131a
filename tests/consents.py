"""Consents for tests, each made through the actions that families and practitioners use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from tests.universe import Cast

from attunement_web.accounts.actions import create_person
from attunement_web.accounts.models import User
from attunement_web.families import actions
from attunement_web.families.models import Child, Grant, Kind, State

BLOOM = "bloom@example.org"
ALL = tuple(Kind.values)


def doctor(email: str = BLOOM, name: str = "Ada Bloom") -> User:
    return create_person(name=name, email=email, by=None)


def invited(
    child: Child, by: User, *, kinds: Iterable[str] = ALL, email: str = BLOOM, until: datetime | None = None
) -> tuple[Grant, str]:
    until = until or timezone.now() + timedelta(days=183)
    return actions.give_access(
        child=child, called="Dr. Bloom", email=email, kinds=kinds, purpose="Sleep and feeding", until=until, by=by
    )


def confirmed(cast: Cast, person: User, kinds: Iterable[str] = ALL) -> Grant:
    """Alice lets this person look at Mia's record."""
    return brought_to(State.CONFIRMED, cast, person, kinds)


def brought_to(state: str, cast: Cast, person: User, kinds: Iterable[str] = ALL) -> Grant:
    """A grant in this state, by the way that leads there."""
    grant, token = invited(cast.mia, cast.alice, kinds=kinds, email=person.email)
    if state in {State.ACCEPTED, State.CONFIRMED, State.PAUSED, State.ENDED}:
        assert actions.accept_access(token=token, by=person)
    if state in {State.CONFIRMED, State.PAUSED, State.ENDED}:
        assert actions.confirm_access(grant_id=grant.pk, by=cast.alice)
    if state == State.PAUSED:
        assert actions.pause_access(grant_id=grant.pk, by=cast.alice)
    if state == State.ENDED:
        assert actions.end_access(grant_id=grant.pk, by=cast.alice)
    grant.refresh_from_db()
    assert grant.state == state
    return grant
