"""After rows are gone: no byte of them stays in the database's files.

SQLite overwrites what it deletes (`secure_delete`), but a page that was rearranged may keep a copy in its gaps, and the
write-ahead log keeps what was written before. So the file is written anew and the log cut to nothing. PostgreSQL
marks the room as free and uses it again; its dump holds nothing of it, its files may for a while.
"""

from __future__ import annotations

import time

from django.apps import apps
from django.db import connection

TRIES, PAUSE = 40, 0.25  # somebody may be reading an older state


class NotYet(Exception):
    """Somebody kept reading an older state, so the log could not be cut; the next run does it."""


def scrub() -> None:
    """Nothing inside a transaction: the tests' own one is left as it is. Raises NotYet."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _written_anew(cursor)
        else:
            for model in apps.get_models():
                if model.__module__.startswith("attunement_web."):
                    cursor.execute(f'VACUUM "{model._meta.db_table}"')


def _written_anew(cursor: object) -> None:
    run = cursor.execute  # type: ignore[attr-defined]  # a cursor of Django's
    stored = run("PRAGMA temp_store").fetchone()[0]
    run("PRAGMA temp_store=FILE")  # else the whole of it would be held in memory
    try:
        run("VACUUM")
    finally:
        run(f"PRAGMA temp_store={stored}")
    for _ in range(TRIES):
        if not run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            return
        time.sleep(PAUSE)
    raise NotYet
