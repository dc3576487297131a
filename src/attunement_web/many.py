"""Many rows changed by one statement, each by values of its own; the ORM's way takes several times as long.

One statement: PostgreSQL looks up once in each whose rows these are (docs/adr/0021), and a phone waits for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection


def change_each(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Each row: its id, then what the columns become, none of it null. As the database takes them; ids come once."""
    if not rows:
        return
    becomes = ", ".join(f"{name} = given.column{at}" for at, name in enumerate(columns, 2))
    given = ", ".join([f"({', '.join(['%s'] * (len(columns) + 1))})"] * len(rows))
    statement = f"UPDATE {table} SET {becomes} FROM (VALUES {given}) AS given WHERE id = given.column1"
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
