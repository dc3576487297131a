"""Writes a copy: one state of the database, line by line, hashed on the way into the archive."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection

from attunement_web.rights import bridge
from attunement_web.rights.models.kinds import KINDS, About, Kind
from attunement_web.rights.queries.page import page_of
from attunement_web.rights.queries.readme import readme
from attunement_web.rights.queries.rows import as_line, rows_of


@dataclass(frozen=True, slots=True)
class Copied:
    """How many lines of each kind the copy holds."""

    rows: dict[str, int]


def write_copy(into: IO[bytes], about: About, *, now: datetime) -> Copied:
    """All of it as it stands at one moment, whoever writes meanwhile; no more than a few thousand rows in memory."""
    with one_state(), zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("README.txt", readme(about, now))
        files = {kind.name: _written(archive, kind, about) for kind in KINDS}
        with archive.open("index.html", "w", force_zip64=True) as page:
            for part in page_of(about, now):
                page.write(part.encode())
        archive.writestr("manifest.json", json.dumps(_manifest(about, files, now)) + "\n")
    return Copied({name: file["rows"] for name, file in files.items()})


def _manifest(about: About, files: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "attunement_copy": bridge.FORMAT,
        "made_with": bridge.version(),
        "made_at": now.isoformat(timespec="seconds"),
        "family": str(about.family),
        "children": [str(child) for child in about.children],
        "whole_family": about.whole,
        "files": files,
    }


def _written(archive: zipfile.ZipFile, kind: Kind, about: About) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    with archive.open(f"data/{kind.name}.jsonl", "w", force_zip64=True) as file:
        for row in rows_of(kind, about):
            line = as_line(row)
            digest.update(line)
            file.write(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


_BEGIN = {"sqlite": "BEGIN DEFERRED", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
_OLDER = {"delete", "truncate", "persist"}  # journals of SQLite under which whoever reads keeps writers waiting


@contextmanager
def one_state() -> Iterator[None]:
    """Everything read inside is one state. Not `atomic`: on SQLite that would keep everybody else from writing."""
    if connection.in_atomic_block:
        yield
        return
    aside = _copied() if _journal() in _OLDER else nullcontext()
    with aside, connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _journal() -> str:
    """None of SQLite's, where it is not SQLite."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        return str(cursor.execute("PRAGMA journal_mode").fetchone()[0])


@contextmanager
def _copied() -> Iterator[None]:
    """Meanwhile this thread reads a private copy of the whole file, taken by SQLite's own backup in one go."""
    with tempfile.TemporaryDirectory(dir=settings.UPLOADS, ignore_cleanup_errors=True) as private:
        connection.ensure_connection()
        live = connection.connection
        there = {"database": str(Path(private, "copy.sqlite3"))}
        copy = connection.get_new_connection(connection.get_connection_params() | there)
        try:
            live.backup(copy)
            connection.connection = copy
            yield
        finally:
            connection.connection = live
            copy.close()
