"""PostgreSQL is told who acts, in time and only once; a connection that goes on to the next one takes nobody along."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from tests.universe import Cast

from attunement_web.actor import acting, unscoped
from attunement_web.families.models import Child

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has nobody to tell"),
]
ALICE, BOB = UUID(int=1), UUID(int=2)
rows = importlib.import_module("attunement_web.rights.migrations.0002_rows")


def told() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('attunement.people', true), current_setting('attunement.everything', true)"
        )
        people, everything = cursor.fetchone()
    return people or "{}", everything or ""


def test_whoever_acts_is_told_and_nobody_is_told_as_nobody() -> None:
    with acting(ALICE):
        assert told() == (f"{{{ALICE}}}", "")
        with acting(BOB, ALICE):
            assert told() == (f"{{{ALICE},{BOB}}}", "")
        assert told() == (f"{{{ALICE}}}", "")
        with unscoped("a test"):
            assert told() == ("{}", "on")
        with acting():
            assert told() == ("{}", "")


def test_a_rollback_takes_back_what_was_told_and_it_is_told_again() -> None:
    with acting(ALICE):
        told()
        with acting(BOB), pytest.raises(ValueError), transaction.atomic():
            told()
            raise ValueError
        with acting(BOB):
            assert told() == (f"{{{BOB}}}", "")
        assert told() == (f"{{{ALICE}}}", "")


def test_so_it_is_where_the_database_itself_broke_the_savepoint() -> None:
    with acting(ALICE):
        told()
        with pytest.raises(DatabaseError), transaction.atomic(), acting(BOB), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert told() == (f"{{{ALICE}}}", "")


@pytest.mark.django_db(transaction=True)
def test_a_commit_of_what_is_broken_is_a_rollback_and_is_taken_for_one() -> None:
    with acting(ALICE):
        told()
    with transaction.atomic(), acting(BOB), connection.cursor() as cursor:
        told()
        with pytest.raises(DatabaseError):
            cursor.execute("SELECT 1/0")
        connection.needs_rollback = False  # as code that swallows an error might leave it
    with acting(BOB):
        assert told() == (f"{{{BOB}}}", "")


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_knows_nobody() -> None:
    with acting(ALICE):
        told()
    connection.close()
    with acting():
        assert told() == ("{}", "")


def test_telling_is_in_no_pages_number_of_queries() -> None:
    with CaptureQueriesContext(connection) as made, acting(ALICE):
        told()
    assert len(made) == 1


def test_nothing_is_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[Any] = []
    ours = connections[DEFAULT_DB_ALIAS]
    tell = ours._tell
    monkeypatch.setattr(ours, "_tell", lambda acts: (times.append(acts), tell(acts)))
    with acting(ALICE):
        told()
        told()
    assert len(times) == 1


def test_whose_part_has_ended_sees_nothing_with_the_next_statement(cast: Cast) -> None:
    def seen() -> int:
        with acting(cast.bob.pk), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM families_child")
            return cursor.fetchone()[0]

    before = seen()
    cast.mia.memberships.filter(user=cast.bob).delete()
    assert (before, seen()) == (2, 1)


def test_a_migration_changes_every_row_whoever_starts_it(cast: Cast) -> None:
    with acting(), connection.schema_editor(atomic=False):
        assert Child.objects.count() == 3
    with acting(cast.charlie.pk):
        assert Child.objects.count() == 1


@pytest.fixture
def opened() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor(atomic=False) as editor:
        rows.open_all(None, editor)
        yield
        rows.close_all(None, editor)


def test_the_way_back_opens_every_table_and_the_way_there_closes_it_again(cast: Cast, opened: None) -> None:
    with acting(cast.charlie.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM families_child")
        assert cursor.fetchone()[0] == 3
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'attunement%'")
        assert cursor.fetchone()[0] == 0
