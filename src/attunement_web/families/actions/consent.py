"""Giving access to a practitioner, step by step, and taking it back; each step is one transaction with its line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attunement_web.accounts.actions import make_practitioner
from attunement_web.accounts.models import User
from attunement_web.actor import unscoped
from attunement_web.families.models import LONGEST, Child, Grant, Kind, State
from attunement_web.families.models.consent import GrantQuerySet
from attunement_web.ledger.actions import record


@transaction.atomic
def give_access(
    *, child: Child, called: str, email: str, kinds: Iterable[str], purpose: str, until: datetime, by: User
) -> tuple[Grant, str]:
    """A new invitation and its token, which is told once. Raises ValidationError where it cannot be given so.

    What ran out at this address makes room; what is still open has to be ended first.
    """
    chosen, now, address = set(kinds), timezone.now(), email.strip().lower()
    if not now < until <= now + LONGEST:
        raise ValidationError(_("Access ends on a day from today to a year from now."))
    if Kind.REPORTS in chosen and Kind.WORDS not in chosen:
        raise ValidationError(
            _("A report holds names from its recording. To share reports, share words and names too.")
        )
    for over in _held(child=child, email=address, until__lte=now).exclude(state=State.ENDED):
        _move(over, State.ENDED, "grant.ended", by)
    if Grant.objects.filter(child=child, email=address).exclude(state=State.ENDED).exists():
        raise ValidationError(_("This address has access, or an invitation, already. End that one first."))
    grant = Grant(
        child=child, given_by=by, called=called.strip(), email=address, kinds=[k for k in Kind.values if k in chosen],
        purpose=purpose.strip(), until=until,
    )  # fmt: skip
    token = grant.make_link()
    grant.full_clean(exclude=["person"])
    grant.save(force_insert=True)
    _tell("grant.invited", grant, by, kinds="+".join(grant.kinds), until=grant.last_day.date().isoformat())
    return grant, token


@transaction.atomic
def renew_link(*, grant_id: UUID, by: User) -> str | None:
    """Another link for somebody who did not come in time; the one before opens nothing. None when she answered."""
    grant = _held(pk=grant_id, state=State.INVITED, until__gt=timezone.now()).first()
    if grant is None:
        return None
    token = grant.make_link()
    grant.save(update_fields=["token_hash", "link_until"])
    _tell("grant.link_made", grant, by)
    return token


@unscoped("a link itself says to what it invites")
@transaction.atomic
def accept_access(*, token: str, by: User) -> Grant | None:
    """The link is used up, and the one who gave it is asked. None: it opens nothing, or nothing for this person."""
    grant = _held().opened_by(token).meant_for(by.email).first()
    if grant is None:
        return None
    grant.person = by
    _move(grant, State.ACCEPTED, "grant.accepted", by)
    make_practitioner(person=by, by=by)
    return grant


@transaction.atomic
def confirm_access(*, grant_id: UUID, by: User) -> bool:
    """Only from here on anything is shown. False when there is nothing to say yes to, or somebody else gave it."""
    grant = _held(pk=grant_id, state=State.ACCEPTED, until__gt=timezone.now(), given_by=by).first()
    if grant is None:
        return False
    _move(grant, State.CONFIRMED, "grant.confirmed", by)
    return True


@transaction.atomic
def pause_access(*, grant_id: UUID, by: User | None) -> bool:
    """By nobody: the site itself, after a restore."""
    grant = _held(pk=grant_id, state=State.CONFIRMED).first()
    if grant is None:
        return False
    _move(grant, State.PAUSED, "grant.paused", by)
    return True


@transaction.atomic
def resume_access(*, grant_id: UUID, by: User) -> bool:
    """As it was before the pause, until the same day."""
    grant = _held(pk=grant_id, state=State.PAUSED, until__gt=timezone.now()).first()
    if grant is None:
        return False
    _move(grant, State.CONFIRMED, "grant.resumed", by)
    return True


@transaction.atomic
def end_access(*, grant_id: UUID, by: User) -> bool:
    """From whatever state, and for good; the next request of anybody finds it so."""
    grant = _held(pk=grant_id).exclude(state=State.ENDED).first()
    if grant is None:
        return False
    _move(grant, State.ENDED, "grant.ended", by)
    return True


def _held(**chosen: object) -> GrantQuerySet:
    """Held to the end of the transaction, so that two who press at once do not both succeed."""
    return Grant.objects.select_for_update(of=("self",)).select_related("child__family").filter(**chosen)


def _move(grant: Grant, state: State, event: str, by: User | None) -> None:
    grant.move_to(state)
    _tell(event, grant, by)


def _tell(event: str, grant: Grant, by: User | None, **facts: str) -> None:
    record(event, about=grant, by=by, child=grant.child_id, **facts)
