"""Lets a test's database be emptied at its end, which the ledger's triggers refuse as they are meant to."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.sqlite3.operations import DatabaseOperations

_flush = DatabaseOperations.execute_sql_flush


@contextmanager
def ledger_opens_between_tests() -> Iterator[None]:
    """Until the end, a live server's test drops the seal, empties every table, and seals the ledger again."""
    seal = importlib.import_module("attunement_web.ledger.migrations.0002_append_only")

    def unsealed_flush(self: DatabaseOperations, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            for statement in seal.SQLITE_BACK:
                cursor.execute(statement)
            _flush(self, statements)
            for statement in seal.SQLITE:
                cursor.execute(statement)

    before = DatabaseOperations.execute_sql_flush
    DatabaseOperations.execute_sql_flush = unsealed_flush
    yield
    DatabaseOperations.execute_sql_flush = before
