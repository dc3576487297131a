"""Says of each table how many rows it has and what they add up to, to hold a copy against what it was taken from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

_WIDTH = 2**256
Tables = dict[str, dict[str, Any]]  # as the manifest holds it: {"diary_moment": {"rows": 3, "sha256": "..."}}


@dataclass(slots=True)
class Tally:
    """Rows and the sum of their hashes: the same whatever order the rows come in."""

    rows: int = 0
    total: int = 0

    def add(self, row: bytes) -> None:
        self.rows += 1
        self.total = (self.total + int.from_bytes(sha256(row).digest())) % _WIDTH

    def told(self) -> dict[str, Any]:
        return {"rows": self.rows, "sha256": f"{self.total:064x}"}


def tally(rows: Iterable[bytes]) -> dict[str, Any]:
    counted = Tally()
    for row in rows:
        counted.add(row)
    return counted.told()


def of_sqlite(connection: Any) -> Tables:
    """All tables of an open SQLite connection, as it sees them."""
    named = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return {name: tally(_rows(connection, name)) for (name,) in connection.execute(named).fetchall()}


def _rows(connection: Any, table: str) -> Iterable[bytes]:
    quoted = table.replace('"', '""')
    for row in connection.execute(f'SELECT * FROM "{quoted}"'):
        yield json.dumps(row, default=bytes.hex).encode()


def unlike(these: Tables, those: Tables) -> list[str]:
    """The names of tables that are not the same in both."""
    return sorted(name for name in these.keys() | those.keys() if these.get(name) != those.get(name))
