"""Chooses the SQLite to run on: before 3.51.3 it can lose commits when two connections share a write-ahead log."""

from __future__ import annotations

import importlib
import sys

# The WAL-reset race is in 3.7.0 to 3.51.2; these older lines carry the repair as well.
REPAIRED_FROM = (3, 51, 3)
REPAIRED_LINES = {(3, 50): 7, (3, 44): 6}
POSTGRESQL_FROM = (15,)


def use_newer_sqlite() -> None:
    """Put pysqlite3 in the place of sqlite3, where its wheel is installed. Call before Django opens a database."""
    try:
        newer = importlib.import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = newer
    sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def is_repaired(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may use a write-ahead log with several connections."""
    return version >= REPAIRED_FROM or version[2] >= REPAIRED_LINES.get((version[0], version[1]), sys.maxsize)


def journal() -> str:
    """The journal this process may use, durable in either case: WAL with FULL, or the older one with EXTRA."""
    version = importlib.import_module("sqlite3").sqlite_version_info
    if is_repaired(version):
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    return "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
