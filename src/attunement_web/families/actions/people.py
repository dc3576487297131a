"""Inviting somebody to have a part in children, step by step; each step has its line on each child's chain."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from attunement_web.accounts.models import User
from attunement_web.actor import unscoped
from attunement_web.families.actions.belonging import end_membership, join_child
from attunement_web.families.models import Child, Invitation, Membership, Role, State
from attunement_web.families.models.invitation import OPEN, InvitationQuerySet
from attunement_web.ledger.actions import line, record_all


@transaction.atomic
def invite(*, children: Collection[Child], role: str, called: str, email: str, by: User) -> tuple[Invitation, str]:
    """A new invitation and its token, which is told once. Raises ValidationError where it cannot be given so."""
    held = _hold(Child.objects.filter(pk__in=[child.pk for child in children]))
    if len({child.family_id for child in held}) != 1:
        raise ValidationError(_("Please choose children of one family."))
    invitation = Invitation(given_by=by, role=role, called=called.strip(), email=email.strip().lower())
    token = invitation.make_link()
    invitation.full_clean(exclude=["person"])
    invitation.save(force_insert=True)
    invitation.children.set(held)
    if not Invitation.objects.standing().filter(pk=invitation.pk).exists():
        raise ValidationError(_("Parents and guardians decide who may see the record."))
    _check_nothing_stands_in_its_way(invitation, held)
    _tell("invitation.made", invitation, by, role=str(role))
    return invitation, token


def _check_nothing_stands_in_its_way(invitation: Invitation, children: Collection[Child]) -> None:
    parts = Membership.objects.filter(child__in=children, user__email=invitation.email)
    if invitation.role == Role.GUARDIAN:
        parts = parts.filter(role=Role.GUARDIAN)  # any other part becomes this one, when it is confirmed
    if parts.exists():
        raise ValidationError(_("This person is here already. To change a part, open it on the page before."))
    others = Invitation.objects.filter(children__in=children, email=invitation.email, state__in=OPEN)
    if others.exclude(pk=invitation.pk).exists():
        raise ValidationError(_("There is an invitation for this address already. End that one first."))


@transaction.atomic
def renew_invitation(*, invitation_id: UUID, by: User) -> str | None:
    """Another link for somebody who did not come in time; the one before opens nothing. None when she answered."""
    invitation = _held(Invitation.objects.filter(pk=invitation_id, state=State.INVITED)).first()
    if invitation is None:
        return None
    token = invitation.make_link()
    invitation.save(update_fields=["token_hash", "link_until"])
    _tell("invitation.link_made", invitation, by)
    return token


@unscoped("a link itself says to what it invites")
@transaction.atomic
def accept_part(*, token: str, by: User) -> Invitation | None:
    """The link is used up, and the one who gave it is asked. None: it opens nothing, or nothing for this person."""
    invitation = _held(Invitation.objects.opened_by(token).meant_for(by.email)).first()
    if invitation is None:
        return None
    invitation.person = by
    invitation.move_to(State.ACCEPTED)
    _tell("invitation.accepted", invitation, by)
    return invitation


@transaction.atomic
def confirm_invitation(*, invitation_id: UUID, by: User) -> bool:
    """Only from here on there is a part. False when there is nothing to say yes to, or somebody else gave it."""
    asked = Invitation.objects.standing().filter(pk=invitation_id, state=State.ACCEPTED, given_by=by)
    invitation = _held(asked).first()
    if invitation is None or invitation.person is None:
        return False
    for child in invitation.children.order_by("pk"):  # as everybody takes the chains of several children
        _give_part(invitation, child, invitation.person, by)
    invitation.move_to(State.CONFIRMED)
    _tell("invitation.confirmed", invitation, by)
    return True


def _give_part(invitation: Invitation, child: Child, person: User, by: User) -> None:
    """Who has a part already, and is invited as a guardian, has this one instead; a guardian stays one."""
    before = Membership.objects.filter(child=child, user=person).first()
    if before is not None and (before.role == Role.GUARDIAN or invitation.role != Role.GUARDIAN):
        return
    if before is not None:
        end_membership(membership=before, by=by)
    join_child(child=child, person=person, role=invitation.role, by=by)


@transaction.atomic
def end_invitation(*, invitation_id: UUID, by: User) -> bool:
    """Before it was confirmed; a part that it made is ended for itself."""
    invitation = _held(Invitation.objects.filter(pk=invitation_id, state__in=OPEN)).first()
    if invitation is None:
        return False
    invitation.move_to(State.ENDED)
    _tell("invitation.ended", invitation, by)
    return True


def _held(rows: InvitationQuerySet) -> InvitationQuerySet:
    """Held to the end of the transaction, with their children, so that no part ends while they are looked at."""
    _hold(Child.objects.filter(invitations__in=rows))
    return rows.select_for_update(of=("self",))


def _hold(children: QuerySet[Child]) -> list[Child]:
    return list(children.order_by("pk").select_for_update(of=("self",), no_key=True))


def _tell(event: str, invitation: Invitation, by: User, **facts: str) -> None:
    kind, children = invitation._meta.label_lower, invitation.children.values_list("pk", flat=True)
    record_all(line(event, kind, invitation.pk, by.pk, child=child, **facts) for child in children)
