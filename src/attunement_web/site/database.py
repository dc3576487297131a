"""Where the data live: a file in the household's folder, or the PostgreSQL that DATABASE_URL names."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from attunement_web.site import native

FORM = "write it like postgresql://person:password@host/name"
# What an address may say beside the place: how the connection is sealed, and how long we wait for it.
KNOWN = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")
LOWERING = ("options", "fsync", "full_page_writes", "synchronous_commit")  # people who know these try to turn them off
# Sent when a connection begins, so they outrank what the server, its databases and its roles have set.
ON_EACH_CONNECTION = (
    "-c synchronous_commit=on "  # a commit is on the disk when it is told
    "-c lock_timeout=20000 "  # ms; as long as we wait for SQLite
    "-c idle_in_transaction_session_timeout=60000"  # ms; a process that hangs does not lock a family out
)
MOVED = "moved-to"  # in the data folder, once its household lives in PostgreSQL


def chosen(data: Path | None) -> dict[str, Any]:
    """Django's settings of the database that the environment names."""
    url = os.environ.get("DATABASE_URL", "").strip()
    return postgresql(url) if url else sqlite_of(data)


def sqlite_of(data: Path | None) -> dict[str, Any]:
    """The file in the household's folder, unless the household has moved out; without a folder, one in memory."""
    if data and (data / MOVED).exists():
        raise ImproperlyConfigured(
            f"{data}: this household lives in PostgreSQL now ({(data / MOVED).read_text().strip()}); set DATABASE_URL "
            f"to it, or remove the file {MOVED} to use what was left here"
        )
    return sqlite(data / "db.sqlite3" if data else ":memory:")


def sqlite(name: Path | str) -> dict[str, Any]:
    return {
        "ENGINE": "attunement_web.site.sqlite",
        "NAME": name,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": native.journal()
            + "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;"
            + "PRAGMA journal_size_limit=27000000; PRAGMA cache_size=-4000;",  # no mmap_size: it makes damage last
        },
    }


def postgresql(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """What the address says; `name` is where it was written. No message repeats it: it may hold a password."""
    parts = _parts(url, name)
    options = _options(parts, name)
    if find_spec("psycopg") is None:
        raise ImproperlyConfigured(f"{name}: PostgreSQL needs one more package; pip install 'attunement[pg]'")
    return {
        "ENGINE": "attunement_web.site.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or _host(parts),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,  # PostgreSQL may have been started again meanwhile
        "OPTIONS": {**options, "options": ON_EACH_CONNECTION},
    }


def _parts(url: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} is no address that we can read; {FORM}") from None
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(f"{name} names no PostgreSQL; {FORM}")
    if not parts.path.strip("/") or "/" in parts.path[1:] or parts.fragment:
        raise ImproperlyConfigured(f"{name} names no database; {FORM}")
    return parts


def _host(parts: SplitResult) -> str:
    """As it is written, where it is the folder of a socket: `hostname` would make it lower case."""
    place = parts.netloc.rpartition("@")[2]
    return unquote(place.partition(":")[0]) if "%" in place else parts.hostname or ""


def _options(parts: SplitResult, name: str) -> dict[str, str]:
    try:
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise ImproperlyConfigured(f"{name} has an option that we cannot read; {FORM}?sslmode=verify-full") from None
    for option, _ in given:
        if option not in KNOWN:
            why = "what keeps moments safe is not ours to lower" if option in LOWERING else "we know no such option"
            raise ImproperlyConfigured(f"{name}: “{option[:40]}”: {why}; there are {', '.join(KNOWN)}")
    return dict(given)
