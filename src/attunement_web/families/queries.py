"""Chooses what the pages about people and consent show: parts, offers, and who looked or changed something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from attunement_web.accounts.models import User
from attunement_web.actor import unscoped
from attunement_web.families.models import Child, Grant, Invitation, Membership, Offer, Role, State
from attunement_web.families.models.invitation import OPEN
from attunement_web.ledger.models import Entry

PAGE = 50  # lines of the ledger on one page
READING = "record.read"
_LARGEST_FIRST = list(Role)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger with the name of who did it, looked up now (None: the site itself), and to whom."""

    at: datetime
    event: str
    who: str | None
    whom: str | None
    facts: dict[str, int | str]

    @property
    def is_reading(self) -> bool:
        return self.event == READING


@dataclass(frozen=True, slots=True)
class Lines:
    """One page of them, newest first, and the number before which the next page begins (None: this is all)."""

    lines: list[Line]
    before: int | None


def grants_of(child: Child) -> list[Grant]:
    """Every one there ever was: those that still matter first, each the newest first."""
    found = list(Grant.objects.filter(child=child).select_related("given_by", "person").order_by("-given_at", "pk"))
    for grant in found:
        grant.child = child
    return sorted(found, key=lambda grant: not grant.is_open)


def members_of(child: Child) -> QuerySet[Membership]:
    return Membership.objects.filter(child=child).select_related("user").order_by("since", "pk")


@unscoped("a link itself says to what it invites")
def offer(token: str) -> Offer | None:
    """What an unused link invites to; None for one that is unknown, used, over or taken back."""
    grant = Grant.objects.opened_by(token).select_related("given_by", "child__family").first()
    return grant or Invitation.objects.opened_by(token).select_related("given_by").first()


def waiting_for_a_yes(person: User) -> QuerySet[Grant]:
    """What this person accepted and no family has confirmed yet; nothing about a child is in it."""
    waiting = Grant.objects.filter(person=person, state=State.ACCEPTED, until__gt=timezone.now())
    return waiting.select_related("given_by").only("purpose", "given_at", "given_by__name").order_by("-given_at")


def is_member(child: Child, email: str) -> bool:
    return Membership.objects.filter(child=child, user__email=email).exists()


def has_account(email: str) -> bool:
    return User.objects.filter(email=email).exists()


def history_of(grant: Grant) -> list[Line]:
    """Each step of this grant, the first one first."""
    return _named(grant.child, Entry.objects.filter(about_id=grant.pk, chain=grant.child_id).order_by("number"))


def who_looked(child: Child, *, before: int | None = None, readings: bool = False) -> Lines:
    """The child's own chain: each reading by somebody outside the family, and each change."""
    rows = Entry.objects.filter(chain=child.pk).order_by("-number")
    if readings:
        rows = rows.filter(event=READING)
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows[: PAGE + 1])
    return Lines(_named(child, found[:PAGE]), found[PAGE - 1].number if len(found) > PAGE else None)


def _named(child: Child, entries: Iterable[Entry]) -> list[Line]:
    found = list(entries)
    people: set[UUID] = {one for entry in found for one in (entry.by_id, _whom(entry)) if one}
    names = {person: name or "" for person, name in User.objects.filter(pk__in=people).values_list("pk", "name")}
    given = Grant.objects.filter(child=child, person__in=people).order_by("given_at")
    names |= dict(given.values_list("person_id", "called"))
    gone = _("Somebody who is no longer here")

    def called(one: UUID | None) -> str | None:
        return names.get(one, gone) if one else None

    return [Line(one.at, one.event, called(one.by_id), called(_whom(one)), one.facts) for one in found]


def _whom(entry: Entry) -> UUID | None:
    """Whose part, or whose way in, this line is about."""
    if entry.about_kind == User._meta.label_lower:
        return entry.about_id
    return UUID(str(entry.facts["person"])) if "person" in entry.facts else None


def is_waiting(person: User) -> bool:
    """Whether a record of hers is closed, because it waits to be erased."""
    return Child.objects.filter(memberships__user=person).exclude(closed_at=None).exists()


def open_invitations(child: Child) -> QuerySet[Invitation]:
    """Those that wait, for an answer or for a yes, the newest first."""
    waiting = Invitation.objects.filter(children=child, state__in=OPEN).select_related("given_by", "person")
    return waiting.order_by("-given_at", "pk")


def invitations_answered(person: User) -> QuerySet[Invitation]:
    """What this person said yes to, while the one who invited her is asked; nothing about a child is in it."""
    waiting = Invitation.objects.standing().filter(person=person, state=State.ACCEPTED)
    return waiting.select_related("given_by").only("role", "given_at", "given_by__name").order_by("-given_at")


def was_invited(person: User) -> bool:
    """Whether she once said yes to an invitation, whatever became of it."""
    return Invitation.objects.filter(person=person).exists()


def said_yes(child: Child, person: User) -> list[tuple[str, str]]:
    """Who answered an offer of this person and waits for her yes: what the family calls them, and what was offered."""
    open_ones = {"given_by": person, "state": State.ACCEPTED}
    look = Grant.objects.filter(child=child, until__gt=timezone.now(), **open_ones).values_list("called", Value("look"))
    belong = Invitation.objects.filter(children=child, **open_ones).values_list("called", Value("belong"))
    return sorted(look.union(belong))


def part_of(child: Child, person: User) -> Membership | None:
    return Membership.objects.filter(child=child, user=person).first()


def is_last_guardian(part: Membership) -> bool:
    if part.role != Role.GUARDIAN:
        return False
    others = Membership.objects.filter(child=part.child_id, role=Role.GUARDIAN, user__is_active=True)
    return not others.exclude(pk=part.pk).exists()


def people_beside(child: Child, person: User) -> list[Membership]:
    """Everybody else in the children of this family whom `person` guards; of several parts of one, the smallest."""
    guarded = Child.objects.filter(
        family=child.family_id, closed_at=None, memberships__user=person, memberships__role=Role.GUARDIAN
    )
    parts = Membership.objects.filter(child__in=guarded).exclude(user=person).select_related("user")
    found: dict[UUID, Membership] = {}
    for part in sorted(parts, key=lambda part: (-_LARGEST_FIRST.index(Role(part.role)), part.since)):
        found.setdefault(part.user_id, part)
    return sorted(found.values(), key=lambda part: part.since)
