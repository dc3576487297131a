"""Pushes that arrive together: whoever they come from is read at once, and then they share one commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

from django.db import connection

from attunement_web.api.access import callers_of_sessions, writers_of_tokens
from attunement_web.sync.actions import Committer, Item, Prepared, Push, Reply, push_prepared, read_items


class Shown(NamedTuple):
    """What lets in, and what kind of thing it is."""

    kind: Literal["token", "session"]
    key: str


@dataclass(frozen=True, slots=True)
class Knock:
    """A push that shows a token's hash or a session's key. Its operations are understood already; whose it is comes out
    with its group.
    """

    shown: Shown
    device: UUID
    sent_at: datetime
    operations: Sequence[Any]
    items: list[Item]


Waiting: TypeAlias = Prepared | Knock


def knock(shown: Shown, device: UUID, sent_at: datetime, operations: Sequence[Any]) -> Reply:
    """The reply after the commit. Not found: what was shown opens nothing here, or the device is somebody else's."""
    return committer.settle(Knock(shown, device, sent_at, operations, read_items(operations)))


def commit(group: Sequence[Waiting]) -> list[Reply]:
    connection.close_if_unusable_or_obsolete()  # who knocks comes without Django's signals, which do this
    let_in = _let_in(group)
    replies = iter(push_prepared([one for one in let_in if one])) if any(let_in) else iter(())
    return [next(replies) if one else Reply(device(at), found=False) for one, at in zip(let_in, group, strict=True)]


def device(one: Waiting) -> UUID:
    return one.device if isinstance(one, Knock) else one.push.device


def _let_in(group: Sequence[Waiting]) -> list[Prepared | None]:
    writers = _writers({one.shown for one in group if isinstance(one, Knock)})
    found: list[Prepared | None] = []
    for one in group:
        if isinstance(one, Prepared):
            found.append(one)
        elif one.shown in writers:
            person, child = writers[one.shown]
            found.append(Prepared(Push(one.device, person, one.sent_at, one.operations, child), one.items))
        else:
            found.append(None)
    return found


def _writers(shown: Collection[Shown]) -> dict[Shown, tuple[UUID, UUID | None]]:
    """Who each of these lets in, and for which child alone; what it lets her do is asked with each operation."""
    tokens = writers_of_tokens({one.key for one in shown if one.kind == "token"})
    sessions = callers_of_sessions({one.key for one in shown if one.kind == "session"})
    return {Shown("token", key): found for key, found in tokens.items()} | {
        Shown("session", key): (caller.person.pk, None) for key, caller in sessions.items()
    }


committer = Committer(commit)  # one for all threads: those that come together share one commit
