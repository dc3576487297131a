"""What holds the moments, seen from outside the server: its rows, and whether it is whole."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from attunement_web.site import native
from soak.crash.server import Process, seen

ROWS = "SELECT id, signal, words FROM diary_moment"
OURS = "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
PLANTED = str(Path(__file__).parent / "planted")
Row = tuple[str, str, str]  # id as 32 digits, signal, words


class Storage(Protocol):
    more: dict[str, str]  # the server's environment

    def about(self) -> str: ...
    def rows(self) -> list[Row]: ...
    def damage(self) -> list[str]: ...


@dataclass
class Sqlite:
    """The household's file. Opened beside the server, read-only, by the same SQLite that the site uses."""

    data: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.data / "db.sqlite3"

    def about(self) -> str:
        mode = self._ask("PRAGMA journal_mode")[0][0]
        return f"SQLite {self._ask('SELECT sqlite_version()')[0][0]}, {mode}"

    def rows(self) -> list[Row]:
        try:
            return [(uuid.UUID(id).hex, signal, words) for id, signal, words in self._ask(ROWS)]
        except sqlite().DatabaseError:
            return []  # every acknowledged one is lost then, and the damage is told as well

    def damage(self) -> list[str]:
        try:
            return self._checked()
        except sqlite().DatabaseError as error:
            return [str(error)]

    def _checked(self) -> list[str]:
        found = [line for (line,) in self._ask("PRAGMA integrity_check") if line != "ok"]
        return found + [f"foreign key: {line}" for line in self._ask("PRAGMA foreign_key_check")]

    def _ask(self, question: str) -> list[Any]:
        connection = sqlite().connect(f"file:{self.path}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(question).fetchall()
        finally:
            connection.close()

    def plant_doubles(self) -> None:
        """Every moment is stored a second time, under another id."""
        self._do(
            "CREATE TRIGGER twice AFTER INSERT ON diary_moment WHEN NEW.calm IS NOT 3 BEGIN "
            f"INSERT INTO diary_moment SELECT {self._columns()} FROM diary_moment WHERE id = NEW.id; END"
        )

    def _columns(self) -> str:
        names = [row[1] for row in self._ask("PRAGMA table_info(diary_moment)")]
        other = {"id": "lower(hex(randomblob(16)))", "calm": "3"}
        return ", ".join(other.get(name, f'"{name}"') for name in names)

    def plant_damage(self) -> None:
        """The root of an index forgets its last cell, as after a page that was half written."""
        self._do("PRAGMA wal_checkpoint(TRUNCATE)")
        page = self._ask("SELECT rootpage FROM sqlite_master WHERE name = 'diary_by_day'")[0][0]
        size = self._ask("PRAGMA page_size")[0][0]
        with self.path.open("r+b") as file:
            file.seek((page - 1) * size + 3)
            cells = int.from_bytes(file.read(2), "big")
            file.seek((page - 1) * size + 3)
            file.write((cells - 1).to_bytes(2, "big"))

    def _do(self, command: str) -> None:
        connection = sqlite().connect(self.path, timeout=20)
        try:
            with connection:
                connection.execute(command)
        finally:
            connection.close()


def sqlite() -> Any:
    """The SQLite that the site runs on."""
    native.use_newer_sqlite()
    import sqlite3

    return sqlite3


def with_fault(plant: str, *, journal: str = "") -> dict[str, str]:
    """The environment in which a server starts with a planted fault, or with the older journal."""
    wanted = {"CRASH_PLANT": plant, "CRASH_JOURNAL": journal}
    told = {name: value for name, value in wanted.items() if value}
    path = os.pathsep.join(filter(None, (PLANTED, os.environ.get("PYTHONPATH"))))
    return {**told, "PYTHONPATH": path} if told else {}


@dataclass
class Postgres:
    """A cluster of one's own; `kill` ends the postmaster and all its children."""

    cluster: Any  # tests.postgres.Cluster
    url: str  # the server's
    more: dict[str, str] = field(default_factory=dict)

    @property
    def processes(self) -> list[Process]:
        """The postmaster and its children."""
        return [found for pid in self.cluster.pids() if (found := seen(pid))]

    def about(self) -> str:
        return f"PostgreSQL {self._ask('SHOW server_version')[0][0].split()[0]}"

    def rows(self) -> list[Row]:
        return [(id.hex, signal, words) for id, signal, words in self._ask(ROWS)]

    def damage(self) -> list[str]:
        """Every table and its indexes, entry by entry; reading them also compares the checksum of each page."""
        found = []
        self._ask("CREATE EXTENSION IF NOT EXISTS amcheck", rows=False)
        for (name,) in self._ask(
            f"{OURS} AND relkind = 'i' AND relam = (SELECT oid FROM pg_am WHERE amname = 'btree')"
        ):
            try:
                self._ask(f"SELECT bt_index_check('{name}', true)")
            except Exception as error:
                found.append(f"{name}: {error}")
        for (name,) in self._ask(f"{OURS} AND relkind = 'r'"):
            found += [f"{name}: {row[3]}" for row in self._ask(f"SELECT * FROM verify_heapam('{name}')")]
        return found

    def _ask(self, question: str, *, rows: bool = True) -> list[Any]:
        import psycopg
        from tests.postgres import SUPERUSER

        whole = self.cluster.url(self.url.rpartition("/")[2], role=SUPERUSER)  # who alone may look at pages
        with psycopg.connect(whole, autocommit=True) as connection:
            asked = connection.execute(question)
            return asked.fetchall() if rows else []
