"""A household in one SQLite file: copied through SQLite's backup API, opened and counted, put into a folder."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from attunement.errors import NotReadable, WrongUse
from attunement_web.site.keeping import counting, shelf

PAYLOAD = "db.sqlite3"
_PATIENCE = 20  # seconds, as long as the site waits for another writer


def _open(path: Path) -> Any:
    return import_module("sqlite3").connect(str(path), timeout=_PATIENCE)  # the newer one, where settings put it


def copy(settings: dict[str, Any], into: Path) -> tuple[Path, counting.Tables]:
    """One committed state, whole, whoever writes meanwhile: SQLite's own backup reads it in one transaction."""
    source, payload = Path(settings["NAME"]), into / PAYLOAD
    if not source.is_file():
        raise WrongUse("no household lives here", place=str(source.parent), remedy="name its folder with --data")
    with _plainly(source), closing(_open(source)) as live, closing(_open(payload)) as taken:
        live.backup(taken)
        taken.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        return payload, _sound(taken, source)


def count(payload: Path, place: Path) -> counting.Tables:
    """What a copy holds, after SQLite itself has looked through all of it."""
    with _plainly(place), closing(_open(payload)) as opened:
        return _sound(opened, place)


def _sound(opened: Any, place: Path) -> counting.Tables:
    troubles = [str(row[0]) for row in opened.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
    troubles += [f"{row[0]} refers to nothing" for row in opened.execute("PRAGMA foreign_key_check")][:1]
    if troubles:
        raise _damaged(troubles[0], place)
    return counting.of_sqlite(opened)


@contextmanager
def _plainly(place: Path) -> Iterator[None]:
    """What SQLite says, as one of our errors."""
    sqlite3 = import_module("sqlite3")
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        remedy = "is another program using it, or is the disk at fault?"
        raise WrongUse(f"we cannot read the database ({error})", place=str(place), remedy=remedy) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(str(error), place) from error


def _damaged(what: str, place: Path) -> NotReadable:
    remedy = "do not write more into it; go back to the last backup"
    return NotReadable(f"the database is damaged ({' '.join(what.split())[:80]})", place=str(place), remedy=remedy)


def refuse_used(settings: dict[str, Any]) -> None:
    data = Path(settings["NAME"]).parent
    held = [path.name for path in data.glob("*") if path.name in {"secret-key", "ledger-key", "moved-to", "backup-key"}]
    held += [path.name for path in data.glob(f"{PAYLOAD}*")]
    if held:
        what = f"a household lives here already ({held[0]})"
        raise WrongUse(what, place=str(data), remedy="name a new folder with --data; nothing was changed")


def put_back(payload: Path, settings: dict[str, Any]) -> counting.Tables:
    """In its place at once or not at all; what is counted is what lies there."""
    there = Path(settings["NAME"])
    half = there.with_name(f"{shelf.WORKSHOP}{there.name}{shelf.HALF}")
    shutil.move(payload, half)
    tables = count(half, there)
    with half.open("rb") as file:
        os.fsync(file.fileno())
    half.rename(there)
    shelf.settle(there.parent)
    return tables
