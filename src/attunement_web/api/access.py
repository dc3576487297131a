"""Who is calling, and what about which child: a token is one person's, for one child, and never more than hers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.api.actions import note_use
from attunement_web.api.models import Right, Token
from attunement_web.diary.models import Moment
from attunement_web.families import access as families
from attunement_web.families.models import Child


@dataclass(frozen=True, slots=True)
class Caller:
    """A person; through a token when there is one, and then for that token's child alone."""

    person: User
    token: Token | None = None

    @property
    def only_child(self) -> UUID | None:
        return self.token.child_id if self.token else None


def caller_of_token(text: str) -> Caller | None:
    """Whoever this token stands for, in one query; None for one that is unknown, ended, expired or bereft of its family.

    Its person, her membership and the child are read with it each time, so taking them back works at once.
    """
    if len(text) != Token.LENGTH or not text.isascii():
        return None
    now = timezone.now()
    token = _that_open(text, now).first()
    if token is None:
        return None
    _note_use(token, now)
    return Caller(token.person, token)


def _that_open(text: str, now: datetime) -> QuerySet[Token]:
    mine = Token.objects.filter(child__family__memberships__user=F("person"), person__is_active=True)
    open_now = mine.filter(token_hash=Token.hash_of(text), ended_at=None, expires_at__gt=now)
    return open_now.select_related("person", "child__family").annotate(role=F("child__family__memberships__role"))


def _note_use(token: Token, now: datetime) -> None:
    day = now.astimezone(UTC).date()
    if token.last_used != day:
        note_use(token_id=token.pk, on=day)


def may_write(caller: Caller) -> bool:
    """Whether this way in may note at all; what about which child is asked with the child."""
    return caller.token is None or (
        caller.token.right == Right.WRITE and caller.token.role in families.WRITERS  # type: ignore[attr-defined]  # annotated
    )


def child_or_404(caller: Caller, child_id: UUID, *, to: Literal["read", "write"] = "read") -> Child:
    """The child if this caller may read (or write) the record; to all others there is none."""
    if caller.token is None:
        return families.child_or_404(caller.person, child_id, to=to)
    if caller.token.child_id != child_id:
        raise Http404
    if to == "write" and not may_write(caller):
        raise PermissionDenied
    timezone.activate(caller.token.child.zone)
    return caller.token.child


def moment_or_404(caller: Caller, child_id: UUID, moment_id: UUID, *, to: Literal["read", "write"] = "read") -> Moment:
    """One moment, only through its child; a removed one is as if it were not there."""
    child = child_or_404(caller, child_id, to=to)
    moment = Moment.objects.filter(child=child, pk=moment_id).live().first()
    if moment is None:
        raise Http404
    moment.child = child
    return moment


def token_or_404(user: User | AnonymousUser, child_id: UUID, token_id: UUID) -> tuple[Child, Token]:
    """A token of this child, for whoever cares for the child day to day: anybody's, so that each can be taken back."""
    child = families.child_or_404(user, child_id, to="write")
    token = Token.objects.filter(child=child, pk=token_id).first()
    if token is None:
        raise Http404
    return child, token
