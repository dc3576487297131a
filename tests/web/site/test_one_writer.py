"""Writers queue on our own lock, and give it back whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connections
from pytest_django import DjangoDbBlocker

from attunement_web.site import database as database_settings
from attunement_web.site.sqlite import base

Connect = Callable[[], base.DatabaseWrapper]


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Connect]:
    """A database file of its own, opened by as many threads as ask."""
    made = database_settings.sqlite(tmp_path / "one.sqlite3")
    made["OPTIONS"]["timeout"] = 0  # SQLite itself does not wait: only our queue keeps writers apart
    wanted = connections.configure_settings({"default": made})["default"]

    def connect() -> base.DatabaseWrapper:
        return base.DatabaseWrapper(wanted, alias="one")

    with django_db_blocker.unblock():
        first = connect()
        with first.cursor() as cursor:
            cursor.execute("CREATE TABLE counted (n INTEGER)")
            cursor.execute("INSERT INTO counted VALUES (0)")
        yield connect
        first.close()


def counted(connection: base.DatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM counted")
        return int(cursor.fetchone()[0])


def add_in_transaction(connection: base.DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM counted")
        cursor.execute("UPDATE counted SET n = %s", [cursor.fetchone()[0] + 1])
    connection.commit()
    connection.set_autocommit(True)


def add_at_once(connection: base.DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE counted SET n = n + 1")


def test_eight_threads_write_without_one_locked_error(database: Connect) -> None:
    troubles: list[BaseException] = []

    def write(how: Callable[[base.DatabaseWrapper], None]) -> None:
        connection = database()
        try:
            for _ in range(25):
                how(connection)
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=(how,)) for how in (add_in_transaction, add_at_once) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    reader = database()
    assert troubles == []
    assert counted(reader) == 200
    reader.close()


def test_a_writer_that_breaks_or_leaves_gives_the_lock_back(database: Connect) -> None:
    broken = database()
    broken.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with pytest.raises(DatabaseError), broken.cursor() as cursor:
        cursor.execute("UPDATE nothing SET n = 1")
    broken.rollback()
    left = database()
    left.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    left.close()
    got: list[bool] = []
    other = threading.Thread(target=lambda: got.append(base._writer.acquire(timeout=2)))
    other.start()
    other.join()
    assert got == [True]
