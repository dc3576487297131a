"""A household moves to PostgreSQL and back: every value equal, or nothing at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from tests.postgres import Cluster, program

from attunement.errors import WrongUse
from attunement_web.site import database, running
from attunement_web.site.keeping import in_postgresql as keeping
from attunement_web.site.move import main
from attunement_web.site.moving import comparing, tables

pytestmark = pytest.mark.own_database

MOVE = "import sys; from attunement_web.site.move import main; sys.exit(main(sys.argv[1:]))"
MAKE = """import django; django.setup()
from attunement_web.actor import unscoped; acts = unscoped("a test"); acts.__enter__()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from attunement_web.accounts.actions import person_of_household
from attunement_web.site.demo import build_once
build_once(by=person_of_household())
"""
# A fault between copying and comparing, as a disk or a mistake of ours might make one.
PLANT = """from attunement_web.site.moving import copying
check = copying._check_references
def plant():
    with copying.connections["default"].cursor() as cursor:
        cursor.execute({change!r})
    check()
copying._check_references = plant
"""


def python(code: str, *arguments: str, **named: str) -> subprocess.CompletedProcess[str]:
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "ATTUNEMENT_")) and name != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env={**ours, **named}, capture_output=True, text=True
    )


def move(*arguments: str, plant: str = "") -> subprocess.CompletedProcess[str]:
    return python((PLANT.format(change=plant) if plant else "") + MOVE, *arguments)


def refused(ran: subprocess.CompletedProcess[str]) -> str:
    """The one line of a command that would not begin."""
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1), ran
    return ran.stderr


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("filled")
    made = python(MAKE, ATTUNEMENT_DATA=str(data), DJANGO_SETTINGS_MODULE="attunement_web.site.settings")
    assert made.returncode == 0, made.stderr
    return data


@pytest.fixture
def household(filled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(filled, tmp_path / "home")


def in_file(data: Path, question: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "db.sqlite3") as connection:
        rows = connection.execute(question).fetchall()
    connection.close()
    return rows


def in_postgresql(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, options="-c attunement.everything=on") as connection:
        return connection.execute(question).fetchall()


@dataclass(frozen=True)
class Gone:
    """A household that moved: its old folder, its new place, and what the command said."""

    data: Path
    url: str
    said: str


@pytest.fixture(scope="module")
def gone(filled: Path, postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Gone:
    data, url = shutil.copytree(filled, tmp_path_factory.mktemp("gone") / "home"), postgres.new_database("gone")
    ran = move("--to", url, "--data", str(data))
    assert ran.returncode == 0, ran.stderr
    with psycopg.connect(postgres.new_database("tables", like="gone")) as connection:
        connection.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        names = ", ".join(model._meta.db_table for model in tables.moved())
        connection.execute(f"TRUNCATE {names}")
        connection.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
    return Gone(data, url, ran.stdout)


@pytest.fixture
def empty(postgres: Cluster, gone: Gone) -> str:
    """A database whose tables are made and empty: making them takes longest."""
    return postgres.new_database(like="tables")


def test_a_household_moves_there_and_back_with_every_value_equal(gone: Gone, tmp_path: Path) -> None:
    back = move("--from", gone.url, "--data", str(tmp_path))
    assert back.returncode == 0, back.stderr
    assert "every value is equal at both ends" in gone.said
    lines = [[line for line in said.splitlines() if line.endswith("  equal")] for said in (gone.said, back.stdout)]
    assert lines[0] == lines[1]
    assert len(lines[0]) == len(tables.moved())
    counted = "SELECT count(*) FROM diary_moment"
    assert in_file(gone.data, counted) == in_postgresql(gone.url, counted) == in_file(tmp_path, counted)
    assert in_file(gone.data, counted)[0][0] > 100


def test_where_it_lives_now_its_rows_are_hidden_from_whoever_acts_for_nobody(gone: Gone) -> None:
    with psycopg.connect(gone.url) as connection:
        assert connection.execute("SELECT count(*) FROM diary_moment").fetchone() == (0,)
    open_ones = "SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"
    assert in_postgresql(gone.url, open_ones) == []


def test_a_backup_of_it_holds_every_row_and_comes_back_with_its_policies(
    gone: Gone, postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(program('pg_dump')).parent}{os.pathsep}{os.environ['PATH']}")
    empty = postgres.new_database()
    payload, kept = keeping.copy(database.postgresql(gone.url), tmp_path)
    assert kept == keeping.count(payload, tmp_path) == keeping.put_back(payload, database.postgresql(empty))
    assert kept["public.diary_moment"]["rows"] > 100
    closed = "SELECT polrelid::regclass::text, polname, pg_get_expr(polqual, polrelid) FROM pg_policy ORDER BY 1, 2"
    assert in_postgresql(empty, closed) == in_postgresql(gone.url, closed) != []
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT count(*) FROM diary_moment").fetchone() == (0,)


def test_the_ledger_keeps_its_order_and_its_seal(gone: Gone) -> None:
    came = [row[0] for row in in_file(gone.data, "SELECT id FROM ledger_entry ORDER BY rowid")]
    assert [row[0].hex for row in in_postgresql(gone.url, "SELECT id FROM ledger_entry ORDER BY ctid")] == came
    for change in ("UPDATE ledger_entry SET event = 'x.y'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry"):
        with pytest.raises(psycopg.Error, match="append-only"):
            in_postgresql(gone.url, change)


def test_who_starts_at_the_old_place_is_told_where_the_household_lives(gone: Gone) -> None:
    with pytest.raises(ImproperlyConfigured, match="lives in PostgreSQL now") as told:
        database.sqlite_of(gone.data)
    assert gone.url.rpartition("/")[2] in str(told.value)
    assert "has moved already" in refused(move("--to", gone.url, "--data", str(gone.data)))


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("UPDATE diary_moment SET calm = 3 WHERE id = (SELECT min(id::text)::uuid FROM diary_moment)", "diary_moment"),
        ("DELETE FROM milestones_sighting WHERE ctid = '(0,1)'", "milestones_sighting"),
    ],
)
def test_one_planted_difference_is_found_and_nothing_is_kept(
    household: Path, empty: str, change: str, table: str
) -> None:
    ran = move("--to", empty, "--data", str(household), plant=change)
    assert ran.returncode == 3
    assert [line.split()[0] for line in ran.stdout.splitlines() if "NOT EQUAL" in line] == [table]
    assert ran.stderr.count("\n") == 1
    assert table in ran.stderr
    assert in_postgresql(empty, "SELECT count(*) FROM diary_moment") == [(0,)]
    assert not (household / database.MOVED).exists()


def test_a_database_in_use_is_left_alone(household: Path, gone: Gone, postgres: Cluster) -> None:
    assert "holds rows already" in refused(move("--to", gone.url, "--data", str(household)))
    other = postgres.new_database()
    with psycopg.connect(other) as connection:
        connection.execute("CREATE TABLE somebody_elses (id int)")
    assert "somebody_elses" in refused(move("--to", other, "--data", str(household)))


def test_another_version_at_either_end_is_refused(household: Path, empty: str) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('diary', '0999_later', now())")
    assert "0999_later" in refused(move("--to", empty, "--data", str(household)))
    with sqlite3.connect(household / "db.sqlite3") as file:
        file.execute("DELETE FROM django_migrations WHERE app = 'coding'")
    file.close()
    assert "move is of another version" in refused(move("--to", empty, "--data", str(household)))


def test_nothing_moves_while_the_site_runs(household: Path, capsys: pytest.CaptureFixture[str]) -> None:
    serving = running._opened(household)
    assert running._locked(serving, shared=True)
    assert main(["--to", "postgresql://127.0.0.1:1/nothing", "--data", str(household)]) == 2
    assert "Attunement runs on this folder" in capsys.readouterr().err
    os.close(serving)
    with running.alone(household), pytest.raises(WrongUse, match="being moved"):
        running.serve_from(household)


def test_a_value_that_postgresql_does_not_take_is_named_by_its_table_alone(household: Path, empty: str) -> None:
    with sqlite3.connect(household / "db.sqlite3") as file:
        file.execute("UPDATE milestones_sighting SET words = 'our' || char(0) || 'secret'")
    file.close()
    told = refused(move("--to", empty, "--data", str(household)))
    assert "milestones_sighting" in told
    assert "secret" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["--to", "mysql://nobody:secret@somewhere/else"],
        ["--to", "postgresql://localhost/x?options=-csynchronous_commit%3Doff"],
        ["--to", "postgresql://localhost/x", "--data", "/nowhere/at/all"],
    ],
)
def test_a_wrong_word_is_one_line_without_a_password(
    household: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(household), *arguments]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "secret" not in told.err


@pytest.mark.parametrize("way", ["--to", "--from"])
def test_a_place_where_nobody_answers_is_one_line_without_a_password(household: Path, way: str) -> None:
    told = refused(move(way, "postgresql://nobody:secret@127.0.0.1:1/nothing", "--data", str(household)))
    assert "secret" not in told


def test_every_model_moves_or_is_left_behind_for_a_reason() -> None:
    every = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert {model._meta.label for model in tables.moved()} | set(tables.LEFT_BEHIND) == every
    ours = {model._meta.label for model in apps.get_models() if model.__module__.startswith("attunement_web.")}
    assert ours & set(tables.LEFT_BEHIND) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [({"a": 1, "b": [2.0]}, {"b": [2], "a": 1.0}), (1e22, 10**22), (-0.0, 0), (0.1, 0.1)],
)
def test_what_the_databases_write_differently_is_one_value(one: object, other: object) -> None:
    assert comparing.canonical((one,)) == comparing.canonical((other,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        ("1", 1),
        (True, 1),
        (0.1, 0.10000000000000002),
        (["list"], "list"),
        ([1, 2], [2, 1]),
        ("é", "e\u0301"),
    ],
)
def test_what_differs_stays_different(one: object, other: object) -> None:
    assert comparing.canonical((one,)) != comparing.canonical((other,))
