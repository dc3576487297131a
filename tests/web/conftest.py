"""What every test of the site stands on: the cast, people signed in, no network, quick password hashes."""

from __future__ import annotations

import importlib
import socket
from collections.abc import Callable, Iterator

import pytest
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.universe import Cast, make_cast

from attunement_web.accounts.models import User

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Argon2 takes a fifth of a second on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine; a test that tries breaks."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: tuple[str, int] | str) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:
            raise AssertionError(f"a test wanted to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture(scope="session", autouse=True)
def ledger_opens_between_tests() -> Iterator[None]:
    """A live server's test empties every table at its end, which the ledger's triggers refuse as they are meant to."""
    seal = importlib.import_module("attunement_web.ledger.migrations.0002_append_only")
    flush = DatabaseOperations.execute_sql_flush

    def unsealed_flush(self: DatabaseOperations, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            for statement in seal.SQLITE_BACK:
                cursor.execute(statement)
            flush(self, statements)
            for statement in seal.SQLITE:
                cursor.execute(statement)

    DatabaseOperations.execute_sql_flush = unsealed_flush
    yield
    DatabaseOperations.execute_sql_flush = flush


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(timezone.localdate(timezone=timezone.get_default_timezone()))


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """`signed_in(cast.alice)`: a browser in which Alice is signed in."""

    def browser_of(person: User) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return browser_of
