"""Pushes that arrive together: whoever they come from is read at once, and then they share one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connection

from attunement_web.api.access import writers_of_tokens
from attunement_web.sync.actions import Committer, Item, Prepared, Push, Reply, push_prepared, read_items


@dataclass(frozen=True, slots=True)
class Knock:
    """A push that shows a token. Its operations are understood already; whose it is comes out with its group."""

    token_hash: str
    device: UUID
    sent_at: datetime
    operations: Sequence[Any]
    items: list[Item]


Waiting: TypeAlias = Prepared | Knock


def knock(token_hash: str, device: UUID, sent_at: datetime, operations: Sequence[Any]) -> Reply:
    """The reply after the commit. Not found: the token opens nothing here, or the device is somebody else's."""
    return committer.settle(Knock(token_hash, device, sent_at, operations, read_items(operations)))


def commit(group: Sequence[Waiting]) -> list[Reply]:
    connection.close_if_unusable_or_obsolete()  # who knocks comes without Django's signals, which do this
    let_in = _let_in(group)
    replies = iter(push_prepared([one for one in let_in if one])) if any(let_in) else iter(())
    return [next(replies) if one else Reply(device(at), found=False) for one, at in zip(let_in, group, strict=True)]


def device(one: Waiting) -> UUID:
    return one.device if isinstance(one, Knock) else one.push.device


def _let_in(group: Sequence[Waiting]) -> list[Prepared | None]:
    hashes = {one.token_hash for one in group if isinstance(one, Knock)}
    writers = writers_of_tokens(hashes) if hashes else {}
    found: list[Prepared | None] = []
    for one in group:
        if isinstance(one, Prepared):
            found.append(one)
        elif one.token_hash in writers:
            person, child = writers[one.token_hash]
            found.append(Prepared(Push(one.device, person, one.sent_at, one.operations, child), one.items))
        else:
            found.append(None)
    return found


committer = Committer(commit)  # one for all threads: those that come together share one commit
