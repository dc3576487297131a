"""The host's own acts, and who lives here. Each act is a line on the chain of every child that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from attunement.errors import WrongUse
from attunement_web.accounts import actions as accounts
from attunement_web.accounts.models import User
from attunement_web.accounts.queries import devices_of, kinds_of
from attunement_web.families import actions as families
from attunement_web.families.models import Child, Grant, Membership, State
from attunement_web.ledger.actions import line, record_all


@dataclass(frozen=True, slots=True)
class Person:
    """One person as `list` shows her: no child's name, and her own only where there is no address."""

    id: UUID
    called: str
    second_step: list[str]
    devices: int
    parts: list[tuple[UUID, str]]  # which child, and as what
    looks_at: list[UUID]  # by consent


def people() -> Iterator[Person]:
    """Whoever may sign in, the first one first."""
    for one in User.objects.filter(is_active=True).order_by("since", "id").iterator():
        yield Person(
            id=one.pk,
            called=called(one),
            second_step=sorted(kinds_of(one)),
            devices=devices_of(one).count(),
            parts=list(Membership.objects.filter(user=one).order_by("since", "pk").values_list("child_id", "role")),
            looks_at=list(Grant.objects.giving_rights().filter(person=one).values_list("child_id", flat=True)),
        )


def person(wanted: str) -> User:
    """By e-mail address or id. Raises WrongUse when nobody here is meant."""
    try:
        found = User.objects.filter(pk=UUID(wanted), is_active=True).first()
    except ValueError:
        found = User.objects.filter(email=wanted.strip().lower(), is_active=True).first()
    if found is None:
        raise WrongUse("nobody here has this address or id", place=wanted[:80], remedy="see attunement people list")
    return found


def called(one: User) -> str:
    return one.email or one.name or "without address and name"


@transaction.atomic
def make_link(one: User) -> str:
    """The token of a one-time way in; her second step is still asked for."""
    token = accounts.make_sign_in_link(person=one, by=None)
    _tell("host.link_made", one)
    return token


@transaction.atomic
def end_sign_ins(one: User) -> int:
    """How many devices that were; each is out at its next request, and no link from before lets anybody in."""
    ended, links = accounts.end_devices(person=one, by=None), accounts.end_sign_in_links(person=one, by=None)
    if ended or links:
        _tell("host.sign_ins_ended", one)
    return ended


@transaction.atomic
def forget_second_factor(one: User, *, reason: str) -> bool:
    """Whoever holds one of her devices, or a link, may be who took it: all of them are ended as well."""
    if not accounts.forget_second_factor(person=one, reason=reason, by=None):
        return False
    accounts.end_devices(person=one, by=None)
    accounts.end_sign_in_links(person=one, by=None)
    _tell("host.second_step_forgotten", one, reason=reason)
    return True


@transaction.atomic
def end_part(one: User, child: UUID, *, reason: str) -> str:
    """What she was to this child until now. Raises WrongUse when she was nothing, or is the last guardian."""
    part = Membership.objects.filter(user=one, child=child).first()
    if part is None:
        known = Child.objects.filter(pk=child).exists()
        said = "this person has no part in this child" if known else "there is no such child here"
        raise WrongUse(said, place=str(child), remedy="see attunement people list")
    try:
        families.end_membership(membership=part, by=None, reason=reason)
    except ValidationError as error:
        raise WrongUse(error.messages[0].rstrip("."), remedy="let another guardian be invited first") from error
    return str(part.role)


def _tell(event: str, about: User, **facts: str) -> None:
    """On the chain of each child whose record this person can open, or was asked to."""
    parts = Membership.objects.filter(user=about).values_list("child_id", flat=True)
    grants = Grant.objects.filter(person=about).exclude(state=State.ENDED).values_list("child_id", flat=True)
    kind = User._meta.label_lower
    record_all([line(event, kind, about.pk, None, child=child, **facts) for child in sorted({*parts, *grants})])
