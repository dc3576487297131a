"""A4: with every check of ours switched off, PostgreSQL alone gives a stranger none of a family's rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.web.acting.tables import NO_FAMILYS, ours
from tests.web.matrix.asking import ELSEWHERE, KNOWN, METHODS, Cell, Route, ask, routes
from tests.web.matrix.open_doors import open_doors
from tests.web.matrix.test_nothing_shows import everything
from tests.web.matrix.world import OURS, World

from attunement_web.actor import acting, unscoped
from attunement_web.diary.models import new_id
from attunement_web.rights.models import EarlierLine, Erasure
from attunement_web.sync.actions import Push, push

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no policies; the application is alone"),
]
STRANGERS = ("charlie", "of no family", "practitioner, uninvited", "anonymous")
CLOSED = sorted(model._meta.db_table for model in ours() if model._meta.label not in NO_FAMILYS)
PLANTED = {  # where the words of some tables show when nothing hides them
    "api_token": "api:tokens",
    "coding_recording": "coding:recordings",
    "diary_moment": "diary:moments",
    "families_grant": "families:sharing",
    "milestones_sighting": "milestones:one",
}
OPENED = ["DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"]


def asked(world: World, only: Route | None = None) -> Iterator[Cell]:
    """Each stranger, at every address, about Mia."""
    for route in [only] if only else [one for one in routes() if set(one.parts) <= KNOWN]:
        for method in METHODS:
            if method in (route.rule or {}):
                for name in STRANGERS:
                    yield ask(world, world.people[name], route, method, "mia" if route.parts else "here")


def leaks(cells: Iterator[Cell]) -> list[str]:
    return [str(cell) for cell in cells if OURS in everything(cell)]


def test_every_table_of_a_family_is_closed_also_to_its_owner() -> None:
    statement = (
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND EXISTS"
        " (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polcmd = '*')"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert sorted(name for (name,) in cursor.fetchall()) == CLOSED, "close it: rights/migrations/0002_rows.py"


def test_these_tests_run_as_a_role_that_policies_hold_for() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_with_every_check_switched_off_a_stranger_finds_no_word_of_a_family(world: World) -> None:
    with open_doors():
        cells = list(asked(world))
    missing = {one.name for one in routes()} - {cell.route.name for cell in cells}
    assert missing == {one.name for one in routes() if set(one.parts) - KNOWN <= ELSEWHERE and set(one.parts) - KNOWN}
    found = leaks(iter(cells))
    print(len(cells), "requests with open doors,", len(found), "show a foreign word")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("table", sorted(PLANTED))
@pytest.mark.parametrize("how", OPENED)
def test_one_table_left_open_shows_its_words_behind_open_doors(world: World, table: str, how: str) -> None:
    route = next(one for one in routes() if one.name == PLANTED[table])
    with open_doors(), undone(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} {how}")
        assert leaks(asked(world, route))


def test_the_doors_are_open(world: World) -> None:
    """So that the tests above cannot hold because something of ours still refuses."""
    with open_doors(), undone(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in CLOSED:
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        assert len({one.split(": ")[1] for one in leaks(asked(world))}) > 30


@pytest.fixture
def full(world: World) -> Iterator[World]:
    """With the rows, too, that come of erasing and of copies; none of them stays."""
    with undone(), unscoped("a test"):
        for child in (world.cast.mia, world.cast.strangers_child):
            now, home = timezone.now(), child.family_id
            Erasure.objects.create(family_id=home, children=[str(child.pk)], undone_at=now)
            EarlierLine.objects.create(
                family_id=home, at=now, event="a.test", about_kind="a.test", about_id=child.pk, chain=child.pk, number=1
            )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield world


@pytest.mark.parametrize("table", CLOSED)
def test_a_row_belongs_to_those_who_belong_and_to_nobody_else(full: World, table: str) -> None:
    alice, charlie = full.cast.alice.pk, full.cast.charlie.pk
    with unscoped("a test"):
        every = places(table)
    with acting(alice):
        hers = places(table)
    with acting(charlie):
        his = places(table)
    with acting(alice, charlie):
        both = places(table)
    with acting():
        assert places(table) == set()
    assert hers and his and not hers & his
    assert hers | his == both <= every


@pytest.mark.parametrize("how", OPENED)
def test_each_table_left_open_is_found(full: World, how: str) -> None:
    for table in CLOSED:
        with acting(full.cast.alice.pk):
            hers = places(table)
        with undone(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} {how}")
            with acting(full.cast.charlie.pk):
                assert places(table) & hers, table


@pytest.mark.parametrize("table", [table for table in CLOSED if table != "ledger_entry"])
def test_nor_does_a_stranger_change_remove_or_add_one(full: World, table: str) -> None:
    with acting(full.cast.alice.pk), connection.cursor() as cursor:
        hers = places(table)
        cursor.execute(f"CREATE TEMP TABLE of_hers ON COMMIT DROP AS SELECT * FROM {table} LIMIT 1")
    with acting(stranger_of(full)), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
        assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute(f"INSERT INTO {table} SELECT * FROM of_hers")
    with acting(full.cast.alice.pk):
        assert places(table) == hers


def test_a_line_of_the_ledger_may_be_added_by_anybody_and_read_by_those_who_belong(world: World) -> None:
    with undone(), acting(world.cast.charlie.pk):
        before = places("ledger_entry")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_entry (id, at, event, about_kind, about_id, facts, chain, number, mac)"
                " VALUES (%s, now(), 'a.test', 'a.test', %s, '{}', %s, 1000000, '')",
                [new_id(), world.cast.mia.pk, world.cast.mia.pk],
            )
        assert places("ledger_entry") == before


def test_a_push_changes_nothing_of_a_child_that_is_not_hers(world: World) -> None:
    """Every check of ours says yes; it may break, as there is nothing that could be held."""
    about = {"entity": world.ids["mia"]["moment"], "child": world.ids["mia"]["child"], "base": 1, "fields": {}}
    when = {"at": "2026-03-09T18:30:00.000Z", "zone": "Europe/Madrid", "offset_minutes": 60}
    operation = {"seq": 1, "schema": 1, "type": "remove", **about, **when}
    with acting(world.cast.alice.pk):
        before = rows_of("diary_moment")
    with open_doors(), undone():
        with suppress(DatabaseError, KeyError):
            push([Push(UUID(int=7), stranger_of(world), world.cast.alice.since, [operation])])
        with acting(world.cast.alice.pk):
            assert rows_of("diary_moment") == before


def places(table: str) -> set[str]:
    """Where the rows lie that are seen."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text FROM {table}")
        return {place for (place,) in cursor.fetchall()}


def rows_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT whole::text FROM {table} AS whole ORDER BY 1")
        return [row for (row,) in cursor.fetchall()]


@contextmanager
def undone() -> Iterator[None]:
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def stranger_of(world: World) -> UUID:
    person = world.people["of no family"].user
    assert person is not None
    return person.pk
