"""The native libraries below us: which SQLite to run on, and what to say of those that are too old.

SQLite before 3.51.3 can lose commits when two connections share a write-ahead log.
"""

from __future__ import annotations

import importlib
import logging
import pyexpat
import sys

from attunement_web.site import logs

# The WAL-reset race is in 3.7.0 to 3.51.2; these older lines carry the repair as well.
REPAIRED_FROM = (3, 51, 3)
REPAIRED_LINES = {(3, 50): 7, (3, 44): 6}
POSTGRESQL_FROM = (15,)
EXPAT_FROM = (2, 6, 0)  # LENA's files are read by it; ELAN's by lxml, which brings a parser of its own


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


def weak_spots(*, sqlite: tuple[int, ...] | None, expat: tuple[int, ...]) -> dict[str, dict[str, str]]:
    """What the log says of each library that is older than we want; `sqlite` is None where it is not used."""
    found = {}
    if sqlite and not is_repaired(sqlite):  # as safe with the older journal, and a little slower
        found["native.sqlite-old"] = {"has": _code(sqlite), "repaired": _code(REPAIRED_FROM), "journal": "rollback"}
    if expat < EXPAT_FROM:  # a hostile file may take long: it is read in a process that is stopped after 30 s
        found["native.expat-old"] = {"has": _code(expat), "repaired": _code(EXPAT_FROM), "reads": "lena"}
    return found


def _code(version: tuple[int, ...]) -> str:
    return "v" + ".".join(map(str, version))


def tell_weak_spots(vendor: str) -> None:
    """Of what this process has loaded, for the kind of database it uses."""
    sqlite = importlib.import_module("sqlite3").sqlite_version_info if vendor == "sqlite" else None
    for event, facts in weak_spots(sqlite=sqlite, expat=pyexpat.version_info).items():
        logs.tell(event, level=logging.WARNING, **facts)


def journal() -> str:
    """The journal this process may use, durable in either case: WAL with FULL, or the older one with EXTRA."""
    version = importlib.import_module("sqlite3").sqlite_version_info
    if is_repaired(version):
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    return "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
