"""Who is calling, and what about which child: a token is one person's, for one child, and never more than hers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC
from typing import Literal
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from attunement_web.accounts.access import is_sure_enough
from attunement_web.accounts.models import SessionStore, User
from attunement_web.actor import acting
from attunement_web.api.actions import note_use
from attunement_web.api.models import Right, Token
from attunement_web.api.queries import calling
from attunement_web.diary.models import Moment
from attunement_web.families import access as families
from attunement_web.families.models import Child

To = Literal["note", "read", "write"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A person; through a token when there is one, and then for that token's child alone."""

    person: User
    token: calling.OpenToken | None = None

    @property
    def only_child(self) -> UUID | None:
        return self.token.child if self.token else None

    def is_of(self, family: UUID) -> bool:
        """Whether this way in leads to this family, as far as a token decides; the rest is asked with the family."""
        return self.token is None or self.token.family == family

    @property
    def may_write(self) -> bool:
        """Whether this way in may note at all; for a session that is asked with each child."""
        return self.token is None or may_write(self.token)


def caller_of_token(text: str) -> Caller | None:
    """Whoever this token stands for, in one query; None for one that is unknown, ended, expired or bereft of its part.

    Its person, her membership and the child are read with it each time, so taking them back works at once.
    """
    if len(text) != Token.LENGTH or not text.isascii():
        return None
    now = timezone.now()
    token_hash = Token.hash_of(text)
    token = calling.open_tokens([token_hash], now).get(token_hash)
    if token is None:
        return None
    if not token.was_used_today:
        with acting(token.person):
            note_use(token_id=token.id, on=now.astimezone(UTC).date())
    return Caller(calling.owner(token), token)


def writers_of_tokens(hashes: Collection[str]) -> dict[str, tuple[UUID, UUID]]:
    """Person and child of each of these tokens that may write now, in one query for all. One that was not used yet
    today is left out: `caller_of_token` knows it too, and notes the day.
    """
    found = calling.open_tokens(hashes, timezone.now()) if hashes else {}
    return {
        one: (token.person, token.child) for one, token in found.items() if token.was_used_today and may_write(token)
    }


def may_write(token: calling.OpenToken) -> bool:
    return token.right == Right.WRITE


def callers_of_sessions(keys: Collection[str]) -> dict[str, Caller]:
    """Whoever signed in with these cookies: Django's own rule (`get_user`), in two statements for all of them."""
    store = SessionStore()
    stored = {key: store.decode(data) for key, data in calling.session_data(keys, timezone.now()).items()}
    signed_in = {key: (UUID(kept[SESSION_KEY]), kept) for key, kept in stored.items() if SESSION_KEY in kept}
    people = calling.people({person for person, _ in signed_in.values()})
    return {
        key: Caller(people[person])
        for key, (person, kept) in signed_in.items()
        if person in people
        and _is_still(people[person], kept.get(HASH_SESSION_KEY, ""))
        and is_sure_enough(people[person], kept)
    }


def _is_still(person: User, print_: str) -> bool:
    """A new password ends every session that began with the old one."""
    prints = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(constant_time_compare(print_, one) for one in prints)


def child_or_404(caller: Caller, child_id: UUID, *, to: To = "read") -> Child:
    """The child if this caller may read (or write) the record, or note; to all others there is none."""
    if caller.only_child not in (None, child_id):
        raise Http404
    if to == "write" and not caller.may_write:
        raise PermissionDenied
    return families.child_or_404(caller.person, child_id, to=to)


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
