"""Values as the database takes and gives them in the statements that we write ourselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection


def as_key(value: UUID) -> Any:
    """An id as this database takes it in a statement of ours."""
    return value if connection.features.has_native_uuid_field else value.hex


def key_maker() -> Callable[[UUID], Any]:
    """`as_key` for very many."""
    return (lambda value: value) if connection.features.has_native_uuid_field else attrgetter("hex")


def as_uuid(value: Any) -> UUID:
    """And as it gives it back."""
    return value if isinstance(value, UUID) else UUID(value)


def as_instant(value: datetime) -> Any:
    """A point in time, in UTC, as this database takes it."""
    return value if connection.features.has_native_uuid_field else str(value)[:-6]


def marks(count: int) -> str:
    return ", ".join(["%s"] * count)
