"""A household or a program in PostgreSQL: dumped and restored by PostgreSQL's own tools, counted in one snapshot."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attunement.errors import NotReadable, WrongUse
from attunement_web.site.keeping import counting

PAYLOAD = "db.dump"
_NAMES = {
    "HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}  # fmt: skip
_EVERYTHING = "-c attunement.everything=on"  # to the policies of each table: a backup is of every row (docs/adr/0021)
_TABLES = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def copy(settings: dict[str, Any], into: Path) -> tuple[Path, counting.Tables]:
    """What pg_dump sees and what we count is one snapshot."""
    payload = into / PAYLOAD
    with _connected(settings) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        dumped = f"--file={payload}"
        how = ("--format=custom", "--no-owner", "--no-privileges", "--enable-row-security", f"--snapshot={snapshot}")
        _run(settings, "pg_dump", *how, dumped)
        tables = _tables(connection)
        connection.execute("ROLLBACK")
    if not tables:
        raise WrongUse("no household lives in this database", place=settings["NAME"], remedy="look at DATABASE_URL")
    return payload, tables


def _tables(connection: Any) -> counting.Tables:
    named = [row[0] for row in connection.execute(_TABLES).fetchall()]
    return {name: counting.tally(_lines(connection, name)) for name in named}


def _lines(connection: Any, table: str) -> Iterator[bytes]:
    with connection.cursor().copy(f"COPY {table} TO STDOUT") as rows:
        for block in rows:
            yield from bytes(block).splitlines()


def count(payload: Path, place: Path) -> counting.Tables:
    """What the dump would put into each table, read from the dump itself."""
    command = ["pg_restore", "--data-only", "--file=-", str(payload)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reading:
        assert reading.stdout is not None
        tables = _told(reading.stdout)
    if reading.returncode:
        raise NotReadable("the dump inside is damaged", place=str(place), remedy="take another backup")
    return tables


def _told(lines: Any) -> counting.Tables:
    tables: counting.Tables = {}
    for line in lines:
        if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            name = line.split(b" ", 2)[1].decode()
            rows = iter(lambda: next(lines).removesuffix(b"\n"), b"\\.")
            tables[name] = counting.tally(rows)
    return tables


def refuse_used(settings: dict[str, Any]) -> None:
    with _connected(settings) as connection:
        held = connection.execute(_TABLES).fetchone()
    if held:
        what = f"this database is in use already ({held[0]})"
        raise WrongUse(what, place=settings["NAME"], remedy="name an empty one in DATABASE_URL; nothing was changed")


def put_back(payload: Path, settings: dict[str, Any]) -> counting.Tables:
    """All in one transaction."""
    into = f"--dbname={settings['NAME']}"
    _run(settings, "pg_restore", "--single-transaction", "--no-owner", "--no-privileges", into, str(payload))
    with _connected(settings) as connection:
        return _tables(connection)


def _connected(settings: dict[str, Any]) -> Any:
    import psycopg

    named = {name.removeprefix("PG").lower(): value for name, value in _environment(settings).items()}
    wanted: dict[str, Any] = {name: named[name] for name in named if name not in {"database", "tz", "options"}}
    try:
        return psycopg.connect(
            dbname=settings["NAME"], options=f"-c timezone=UTC {_EVERYTHING}", autocommit=True, **wanted
        )
    except psycopg.Error as error:
        said = " ".join(str(error).split())[:200]
        raise WrongUse(f"we cannot reach the database ({said})", remedy="look at DATABASE_URL") from error


def _environment(settings: dict[str, Any]) -> dict[str, str]:
    """No password ever stands on a command line."""
    given = {**settings, **settings.get("OPTIONS", {})}
    return {name: str(given[ours]) for ours, name in _NAMES.items() if given.get(ours)} | {
        "PGTZ": "UTC",
        "PGOPTIONS": _EVERYTHING,
    }


def _run(settings: dict[str, Any], *command: str) -> None:
    try:
        ran = subprocess.run(
            command, env={**os.environ, **_environment(settings)}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        remedy = "install PostgreSQL's client programs (postgresql-client)"
        raise WrongUse(f"there is no {command[0]} on this machine", remedy=remedy) from error
    if ran.returncode:
        said = " ".join(ran.stderr.split())[:200]
        raise WrongUse(f"{command[0]} could not do it ({said})", remedy="look at DATABASE_URL and at the disk")
