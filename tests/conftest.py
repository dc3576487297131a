"""What the site's tests share, whichever way they come to the site."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from attunement_web.actor import unscoped


@pytest.fixture(scope="session", autouse=True)
def tests_act_as_everything() -> Iterator[None]:
    """What a test sets up and looks at is everybody's; requests in it act as whoever asks, and threads as nobody."""
    with unscoped("a test"):
        yield


@pytest.fixture(scope="session", autouse=True)
def ledger_opens_between_tests() -> Iterator[None]:
    """A live server's test empties every table at its end, which the ledger's triggers refuse as they are meant to.

    It drops the seal, empties, and seals the ledger again. Once for a whole run: twice around, the seal is gone already.
    """
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

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", unsealed_flush)
        yield
