"""A backup of PostgreSQL, by its own tools, back again in an empty database."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.postgres import Cluster

from attunement_web.site import database
from attunement_web.site.keeping import backup, in_postgresql, key, restore

pytestmark = pytest.mark.own_database
psycopg = pytest.importorskip("psycopg", reason="the extra pg is not installed")


@pytest.fixture(scope="module")
def addresses(postgres: Cluster) -> tuple[str, str]:
    """A database with rows of every kind that text can trip over, and an empty one."""
    if shutil.which("pg_dump") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no pg_dump on this machine")
    full, empty = postgres.new_database(), postgres.new_database()
    with psycopg.connect(full) as made:
        made.execute("CREATE TABLE diary_moment (id uuid PRIMARY KEY, words text, at timestamptz, n float8, j jsonb)")
        made.execute("CREATE TABLE empty (id int)")
        with made.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO diary_moment VALUES (gen_random_uuid(), %s, now(), %s, %s)",
                [(f"{n}\t\\.\n\\N ü", n / 3, "{}") for n in range(40)] + [(None, None, None)],
            )
    return full, empty


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def test_what_comes_back_is_what_was_kept(
    data: Path,
    tmp_path: Path,
    addresses: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    full, empty = addresses
    monkeypatch.setenv("DATABASE_URL", full)
    assert backup.main(["--data", str(data)]) == 0
    kept = next((data / "backups").iterdir())
    again = tmp_path / "again"
    assert restore.main([str(kept), "--data", str(again)]) == 2
    assert "in use already (public.diary_moment)" in capsys.readouterr().err
    assert not again.exists()
    monkeypatch.setenv("DATABASE_URL", empty)
    assert restore.main([str(kept), "--data", str(again)]) == 0
    assert "41 moments" in capsys.readouterr().out
    assert {path.name for path in again.iterdir()} == {key.NAME, restore.RESTORED}
    first, second = (tables(address) for address in addresses)
    assert first == second
    assert first["public.diary_moment"]["rows"] == 41


def tables(address: str) -> dict[str, object]:
    with in_postgresql._connected(database.postgresql(address)) as connection:
        return dict(in_postgresql._tables(connection))


def test_a_dump_that_holds_other_rows_is_no_backup(data: Path, addresses: tuple[str, str], tmp_path: Path) -> None:
    settings = database.postgresql(addresses[0])
    payload, told = in_postgresql.copy(settings, data)
    assert in_postgresql.count(payload, payload) == told
    with psycopg.connect(addresses[0]) as more:
        more.execute("INSERT INTO empty VALUES (1)")
    _, later = in_postgresql.copy(settings, tmp_path)
    assert in_postgresql.count(payload, payload) != later


def test_a_server_that_is_away_is_one_plain_line_without_the_password(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://who:sesame@127.0.0.1:1/name")
    assert backup.main(["--data", str(data)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "cannot reach the database" in said
    assert "sesame" not in said


def test_a_backup_of_a_file_does_not_go_into_postgresql(
    data: Path, tmp_path: Path, addresses: tuple[str, str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    import sqlite3
    from contextlib import closing

    monkeypatch.delenv("DATABASE_URL", raising=False)
    with closing(sqlite3.connect(data / "db.sqlite3")) as made:
        made.execute("CREATE TABLE a (b)")
    assert backup.main(["--data", str(data)]) == 0
    empty = addresses[1].rsplit("/", 1)[0] + "/postgres"
    monkeypatch.setenv("DATABASE_URL", empty)
    kept = next((data / "backups").iterdir())
    assert restore.main([str(kept), "--data", str(tmp_path / "again")]) == 2
    assert "another kind of database" in capsys.readouterr().err
    assert os.path.exists(kept)
