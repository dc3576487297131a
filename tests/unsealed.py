"""Lets a test's database be emptied at its end, which the ledger's triggers refuse as they are meant to."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def ledger_opens_between_tests() -> Iterator[None]:
    """Until the end, a live server's test drops the seal, empties every table, and seals the ledger again."""
    seal = importlib.import_module("attunement_web.ledger.migrations.0002_append_only")
    kind = connection.vendor.upper()
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def unsealed_flush(self: Any, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            for statement in getattr(seal, f"{kind}_BACK"):
                cursor.execute(statement)
            flush(self, statements)
            for statement in getattr(seal, kind):
                cursor.execute(statement)

    operations.execute_sql_flush = unsealed_flush
    yield
    operations.execute_sql_flush = flush
