"""Who is calling, one statement for each question. They are written out because a phone asks them with every push, and
building them anew with the ORM takes ten times as long as running them (docs/adr/0012)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from attunement_web.accounts.models import User
from attunement_web.actor import unscoped

_TOKEN = (
    'SELECT t.token_hash, t.id, t.child_id, t."right", c.family_id, p.id, p.name,'
    " CASE WHEN t.last_used = %s THEN 1 ELSE 0 END"
    " FROM api_token t JOIN accounts_user p ON p.id = t.person_id JOIN families_child c ON c.id = t.child_id"
    " JOIN families_membership m ON m.child_id = c.id AND m.user_id = t.person_id AND m.since <= t.made_at"
    " WHERE t.token_hash IN ({}) AND t.ended_at IS NULL AND t.expires_at > %s AND p.is_active"
    " AND m.role IN ('guardian', 'caregiver')"
)
_SESSIONS = "SELECT session_key, session_data FROM accounts_device WHERE session_key IN ({}) AND expire_date > %s"
_PEOPLE = "SELECT id, name, password, is_practitioner, email FROM accounts_user WHERE id IN ({}) AND is_active"


@dataclass(frozen=True, slots=True)
class OpenToken:
    """A token that opens something now."""

    id: UUID
    child: UUID
    family: UUID
    right: str
    person: UUID
    name: str
    was_used_today: bool


def open_tokens(hashes: Collection[str], now: datetime) -> dict[str, OpenToken]:
    """By hash; absent as well when its person is gone, or only notes, or has her part no more with which she made it: a
    new part later opens no old key.
    """
    ops = connection.ops
    day, at = ops.adapt_datefield_value(now.astimezone(UTC).date()), ops.adapt_datetimefield_value(now)
    with unscoped("a key itself says whose it is"), connection.cursor() as cursor:
        cursor.execute(_TOKEN.format(", ".join(["%s"] * len(hashes))), [day, *hashes, at])
        rows = cursor.fetchall()
    return {
        token_hash: OpenToken(_id(id_), _id(child), _id(family), right, _id(person), name, bool(used))
        for token_hash, id_, child, right, family, person, name, used in rows
    }


def owner(token: OpenToken) -> User:
    return _known(id=token.person, name=token.name)


def session_data(keys: Collection[str], now: datetime) -> dict[str, str]:
    """What is kept of those sessions that are not over, as it is stored."""
    return dict(_rows(_SESSIONS, keys, connection.ops.adapt_datetimefield_value(now)))


def people(ids: Collection[UUID]) -> dict[UUID, User]:
    """With the password's hash, from which a session's own print is made."""
    rows = _rows(_PEOPLE, ids if connection.features.has_native_uuid_field else [one.hex for one in ids])
    found = [
        _known(id=_id(id_), name=name, password=password, is_practitioner=bool(seeing), email=email)
        for id_, name, password, seeing, email in rows
    ]
    return {person.pk: person for person in found}


def _known(**read: Any) -> User:
    """A person with these fields; others are read when somebody asks for them."""
    names = [field.attname for field in User._meta.concrete_fields if field.attname in read]
    return User.from_db(connection.alias, names, [read[name] for name in names])


def _rows(statement: str, of: Collection[Any], *more: Any) -> list[Any]:
    if not of:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.format(", ".join(["%s"] * len(of))), [*of, *more])
        return cursor.fetchall()


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(hex=value)
