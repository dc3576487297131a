"""Backups: encrypted, opened before they count, kept for five weeks, and back again row by row."""

from __future__ import annotations

import io
import os
import sqlite3
import stat
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from tests.universe import Cast

from attunement.errors import NotReadable, WrongUse
from attunement_web.shell.queries import kept_backups, last_backup
from attunement_web.site import database
from attunement_web.site.keeping import backup, counting, key, parcel, restore, shelf

NOW = datetime(2026, 11, 22, 3, 0, 0, tzinfo=UTC)
CANARY = "a canary on the window sill"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A household's folder with a little of everything a table can hold."""
    folder = tmp_path / "home"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "db.sqlite3")) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE families_child (id TEXT PRIMARY KEY, name TEXT)")
        made.execute(
            "CREATE TABLE diary_moment (id BLOB PRIMARY KEY, child TEXT REFERENCES families_child, words TEXT, n REAL)"
        )
        made.execute("INSERT INTO families_child VALUES ('mia', 'Mia')")
        rows = [(os.urandom(16), "mia", f"{CANARY} {n}" if n % 2 else None, n / 3) for n in range(50)]
        made.executemany("INSERT INTO diary_moment VALUES (?, ?, ?, ?)", rows)
        made.commit()
    return folder


def keep(data: Path, *, now: datetime = NOW, to: Path | None = None) -> backup.Kept:
    return backup.make_backup(data, to or data / "backups", database.sqlite(data / "db.sqlite3"), now=now)


def tables_of(data: Path) -> counting.Tables:
    with closing(sqlite3.connect(data / "db.sqlite3")) as opened:
        return counting.of_sqlite(opened)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line of an error."""
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_what_comes_back_is_what_was_kept(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = keep(data)
    again = tmp_path / "again"
    assert restore.main([str(kept.path), "--data", str(again)]) == 0
    said = capsys.readouterr().out
    assert "1 children, 50 moments" in said
    assert "2026-11-22 03:00" in said
    assert tables_of(again) == tables_of(data) == kept.tables
    assert stat.S_IMODE((again / key.NAME).stat().st_mode) == 0o600
    assert {path.name for path in again.iterdir()} == {"db.sqlite3", key.NAME, restore.RESTORED}


@pytest.mark.django_db
def test_after_it_came_back_phones_read_afresh_once(cast: Cast, tmp_path: Path) -> None:
    before = cast.family.history
    restore.begin_afresh(tmp_path)
    cast.family.refresh_from_db()
    assert cast.family.history == before
    (tmp_path / restore.RESTORED).touch()
    restore.begin_afresh(tmp_path)
    cast.family.refresh_from_db()
    assert cast.family.history != before
    assert not (tmp_path / restore.RESTORED).exists()


def test_it_is_taken_while_somebody_writes(data: Path) -> None:
    with closing(sqlite3.connect(data / "db.sqlite3")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM diary_moment")
        assert keep(data).tables["diary_moment"]["rows"] == 50


def test_a_backup_can_be_read_by_nobody_without_the_key(data: Path) -> None:
    kept = keep(data)
    assert CANARY.encode() not in kept.path.read_bytes()
    assert kept.path.read_bytes().startswith(b"age-encryption.org/v1")
    assert stat.S_IMODE((data / key.NAME).stat().st_mode) == 0o600
    assert "AGE-SECRET-KEY" in (data / key.NAME).read_text()


def test_other_tools_open_it_and_no_secret_is_inside(data: Path) -> None:
    (data / "secret-key").write_text("x" * 60)
    kept = keep(data)
    plain = pyrage.decrypt(kept.path.read_bytes(), [key.read_key(data / key.NAME)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert tar.getnames() == ["manifest.json", "db.sqlite3"]
        assert {member.uname for member in tar} == {""}


def test_the_key_that_seals_the_ledger_comes_along_and_the_one_that_signs_people_in_does_not(
    data: Path, tmp_path: Path
) -> None:
    (data / "secret-key").write_text("x" * 60)
    (data / "ledger-key").write_text("y" * 60)
    kept = keep(data)
    again = tmp_path / "again"
    assert restore.main([str(kept.path), "--data", str(again)]) == 0
    assert (again / "ledger-key").read_text() == "y" * 60
    assert stat.S_IMODE((again / "ledger-key").stat().st_mode) == 0o600
    assert not (again / "secret-key").exists()


def test_nothing_readable_is_left_behind(data: Path) -> None:
    (data / ".backup-of-a-killed-one").mkdir()
    (data / ".backup-of-a-killed-one" / "db.sqlite3").write_text(CANARY)
    keep(data)
    assert {path.name for path in data.iterdir()} <= {
        "db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "backups", key.NAME, "backup.lock",
    }  # fmt: skip
    assert [path.name for path in (data / "backups").iterdir()] == [shelf.name_for(NOW)]


def test_the_first_one_says_that_the_key_needs_a_second_place(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert backup.main(["--data", str(data), "--to", str(data / "there")]) == 0
    first = capsys.readouterr().out
    assert "somewhere else" in first
    assert str(data / key.NAME) in first
    assert backup.main(["--data", str(data), "--to", str(data / "there")]) == 0
    assert "somewhere else" not in capsys.readouterr().out


def test_one_that_does_not_open_is_none(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a disk that gives back another byte than it got."""
    first = keep(data, now=NOW - timedelta(days=1))
    before = first.path.read_bytes()
    seal = parcel.seal

    def flips(*given: Any, into: Path, **more: Any) -> None:
        seal(*given, into=into, **more)
        spoil(into, -20)

    monkeypatch.setattr(parcel, "seal", flips)
    with pytest.raises(NotReadable):
        keep(data)
    assert {path: path.read_bytes() for path in (data / "backups").iterdir()} == {first.path: before}


def test_one_that_holds_other_rows_is_none(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal = parcel.seal

    def loses(payload: Path, *given: Any, **more: Any) -> None:
        with closing(sqlite3.connect(payload)) as copy:
            copy.execute("DELETE FROM diary_moment WHERE n < 1")
            copy.commit()
        seal(payload, *given, **more)

    monkeypatch.setattr(parcel, "seal", loses)
    with pytest.raises(NotReadable, match="diary_moment"):
        keep(data)
    assert list((data / "backups").iterdir()) == []


def test_a_full_disk_leaves_the_former_ones(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = keep(data, now=NOW - timedelta(days=1))

    def full(*_: object) -> None:
        raise pyrage.EncryptError("OSError: [Errno 28] No space left on device")

    monkeypatch.setattr(pyrage, "encrypt_io", full)
    assert backup.main(["--data", str(data), "--to", str(data / "backups")]) == 2
    assert "former backups are untouched" in told(capsys)
    assert list((data / "backups").iterdir()) == [first.path]


def test_two_at_once_are_one(data: Path) -> None:
    with shelf.workshop(data, data), pytest.raises(WrongUse, match="being made already"):
        keep(data)


def test_a_damaged_household_is_said_and_keeps_its_backups(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = keep(data)
    with closing(sqlite3.connect(data / "db.sqlite3")) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("PRAGMA writable_schema=ON")
        opened.execute("UPDATE sqlite_master SET rootpage = 99 WHERE name = 'diary_moment'")
        opened.commit()
    assert backup.main(["--data", str(data), "--to", str(data / "backups")]) == 4
    assert "damaged" in told(capsys)
    assert list((data / "backups").iterdir()) == [first.path]


def spoil(path: Path, at: int) -> None:
    whole = bytearray(path.read_bytes())
    whole[at] ^= 1
    path.write_bytes(whole)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda path: spoil(path, -20), "cut off or damaged"),
        (lambda path: spoil(path, 150), "cut off or damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), "cut off or damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:40]), "cut off or damaged"),
        (lambda path: path.write_bytes(b""), "this is no backup"),
        (lambda path: path.write_bytes(b"a letter to Nana"), "this is no backup"),
        (lambda path: path.unlink(), "there is no such file"),
        (lambda path: (path.unlink(), path.mkdir()), "this is a folder"),
        (lambda path: other_key(path), "this key does not open"),
        (lambda path: other_content(path), "holds no backup"),
    ],
)
def test_a_backup_that_does_not_open_is_one_plain_line(
    data: Path, tmp_path: Path, spoilt: Any, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = keep(data)
    spoilt(kept.path)
    again = tmp_path / "again" / "deeper"
    assert restore.main([str(kept.path), "--data", str(again), "--key", str(data / key.NAME)]) == 4
    assert said in told(capsys)
    assert not (tmp_path / "again").exists()


def other_key(path: Path) -> None:
    path.write_bytes(pyrage.encrypt(b"x", [pyrage.x25519.Identity.generate().to_public()]))


def other_content(path: Path) -> None:
    mine = key.read_key(path.parent.parent / key.NAME).to_public()
    path.write_bytes(pyrage.encrypt(b"no tar at all", [mine]))


@pytest.mark.parametrize("held", ["db.sqlite3", "db.sqlite3-wal", "secret-key", "ledger-key", key.NAME])
def test_a_folder_in_which_somebody_lives_is_left_alone(
    data: Path, tmp_path: Path, held: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = keep(data)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / held).write_text("mine")
    assert restore.main([str(kept.path), "--data", str(tmp_path / "taken")]) == 2
    assert "lives here already" in told(capsys)
    assert [path.read_text() for path in (tmp_path / "taken").iterdir()] == ["mine"]


@pytest.mark.parametrize("given", ["", "nonsense", "AGE-SECRET-KEY-1QQQ"])
def test_a_file_that_is_no_key_is_said(
    data: Path, tmp_path: Path, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = keep(data)
    (tmp_path / "k").write_text(given)
    assert restore.main([str(kept.path), "--data", str(tmp_path / "again"), "--key", str(tmp_path / "k")]) == 4
    assert "no key that opens" in told(capsys)


def test_without_a_key_anywhere_we_ask_for_it(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = keep(data, to=tmp_path / "stick" / "a" / "b")
    assert restore.main([str(kept.path), "--data", str(tmp_path / "again")]) == 2
    assert "--key" in told(capsys)


def test_a_place_where_nobody_lives_has_no_backup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert backup.main(["--data", str(tmp_path / "nowhere")]) == 2
    assert "no household lives here" in told(capsys)
    assert not (tmp_path / "nowhere").exists()


# Which are kept: by name alone, whatever the file system says of times.


def shelf_after(nights: int, *, now: datetime = NOW) -> dict[Path, datetime]:
    """What lies there when each night for so long one was made and those not kept were thrown away."""
    there: dict[Path, datetime] = {}
    for ago in reversed(range(nights)):
        night = now - timedelta(days=ago)
        there[Path(shelf.name_for(night))] = night
        for path in shelf.to_remove(there, night):
            del there[path]
    return there


@pytest.mark.parametrize("nights", range(1, 120, 7))
def test_seven_days_and_four_weeks_stay_and_nothing_older(nights: int) -> None:
    ages = sorted((NOW - at).days for at in shelf_after(nights).values())
    assert ages[:7] == list(range(min(7, nights)))
    assert len(ages) == min(nights, 11) if nights < 8 else 7 < len(ages) <= 11
    assert max(ages) < 35


def test_after_months_of_nights_there_are_eleven() -> None:
    counts = {len(shelf_after(100 + more)) for more in range(14)}
    assert counts == {11}


def test_the_newest_stays_however_old() -> None:
    old = NOW - timedelta(days=300)
    assert shelf.to_remove({Path("a"): old}, NOW) == []
    assert shelf.to_remove({Path("a"): old, Path("b"): old + timedelta(days=1)}, NOW) == [Path("a")]


def test_after_a_long_pause_the_first_night_throws_nothing_away() -> None:
    """A clock that jumped ahead looks just so."""
    there = shelf_after(60)
    ahead = NOW + timedelta(days=3650)
    there[Path("ahead")] = ahead
    assert shelf.to_remove(there, ahead) == []


def test_a_clock_that_fell_back_costs_no_backup() -> None:
    there = shelf_after(60)
    back = NOW - timedelta(days=5000)
    for night in range(20):
        there[Path(f"back{night}")] = back + timedelta(days=night)
    gone = shelf.to_remove(there, back + timedelta(days=19))
    assert gone
    assert not set(gone) & set(shelf_after(60))


def test_one_from_the_future_goes_once_four_weeks_have_come_together() -> None:
    there = shelf_after(60) | {Path("ahead"): NOW + timedelta(days=3650)}
    assert shelf.to_remove(there, NOW) == [Path("ahead")]


def test_only_finished_backups_count_for_the_day_on_the_page(tmp_path: Path) -> None:
    for name in (
        shelf.name_for(NOW),
        f".backup-{shelf.name_for(NOW)}.half",
        "attunement-2026-02-31T000000Z.tar.gz.age",
    ):
        (tmp_path / name).touch()
    assert list(kept_backups(tmp_path).values()) == [NOW]
    assert last_backup(tmp_path, NOW) == NOW
    assert last_backup(tmp_path, NOW - timedelta(hours=1)) is None
    assert last_backup(tmp_path / "unplugged", NOW) is None
