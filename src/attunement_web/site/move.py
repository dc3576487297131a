"""Carries a household or a program to PostgreSQL, or back into a file: `attunement move`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from attunement.errors import AttunementError, ExitCode, WrongUse
from attunement_web.actor import unscoped
from attunement_web.site import database, native, running
from attunement_web.site.keeping.household import folder_of

if TYPE_CHECKING:
    from attunement_web.site.moving.copying import Moved

FILE = "db.sqlite3"


class Unequal(AttunementError):
    """A fault of ours or of a disk, never of whoever called."""

    exit_code = ExitCode.NO_NUMBER


@unscoped("the command carries every row")
def main(argv: Sequence[str]) -> int:
    """0 when every row arrived equal, 3 when not, 2 with one line on stderr when it cannot begin."""
    wanted = _arguments().parse_args(argv)
    try:
        return _move(wanted.to, wanted.origin, folder_of(wanted.data))
    except AttunementError as error:
        print(f"attunement move: {error}", file=sys.stderr)
        return int(error.exit_code)
    except ImproperlyConfigured as error:
        print(f"attunement move: {' '.join(str(error).split())}", file=sys.stderr)
        return 2


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attunement move", description="Carry a household to PostgreSQL, or back into a file of its folder."
    )
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--to", metavar="URL", help="postgresql://person:password@host/name, an empty database")
    way.add_argument("--from", metavar="URL", dest="origin", help="from there back into the folder's file")
    parser.add_argument("--data", type=Path, help="the household's folder (default: where `attunement serve` keeps it)")
    return parser


def _move(to: str | None, origin: str | None, data: Path) -> int:
    native.use_newer_sqlite()
    url, option = (to, "--to") if to is not None else (origin or "", "--from")
    away, file = database.postgresql(url, option), data / FILE
    if to is not None:
        _refuse_no_household(data)
    is_new = not file.exists()
    begun = time.monotonic()
    with running.alone(data), _removed_when_broken(file) if is_new else nullcontext():
        _set_up(data, url, away, database.sqlite(file), is_back=to is None)
        tables = _carried()
        _leave_word(data, away, is_back=to is None)
    _tell(tables, time.monotonic() - begun)
    return 0


def _refuse_no_household(data: Path) -> None:
    if (data / database.MOVED).exists():
        raise WrongUse("this household has moved already", place=str(data), remedy=f"see the file {database.MOVED}")
    if not (data / FILE).exists():
        raise WrongUse(f"there is no {FILE} to move", place=str(data), remedy="name the household's folder with --data")


@contextmanager
def _removed_when_broken(file: Path) -> Iterator[None]:
    """A file that we began and could not fill is no household."""
    try:
        yield
    except BaseException:
        for path in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
            path.unlink(missing_ok=True)
        raise


def _set_up(data: Path, url: str, away: dict[str, Any], file: dict[str, Any], *, is_back: bool) -> None:
    """Django with both ends: the new one is where its migrations run."""
    os.umask(0o077)
    os.environ |= {
        "ATTUNEMENT_DATA": str(data), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "attunement_web.site.settings"
    }  # fmt: skip
    import django

    django.setup()
    from django.db import connections

    from attunement_web.site.moving.copying import SOURCE, TARGET

    ends = {TARGET: file, SOURCE: away} if is_back else {TARGET: away, SOURCE: file}
    connections.close_all()
    for alias in list(connections):
        with suppress(AttributeError):  # not opened yet
            del connections[alias]
    connections.settings = connections.configure_settings(ends)


def _carried() -> list[Moved]:
    from django.db import DatabaseError, connections

    from attunement_web.site.moving.copying import NotEqual, first_line, move

    try:
        return move()
    except NotEqual as error:
        _print(error.tables)
        raise Unequal(
            f"what arrived is not what left ({error})", remedy="nothing was kept there; please tell us"
        ) from error
    except DatabaseError as error:
        remedy = "is its address right, and does it run? Nothing was moved"
        what = f"one of the two databases does not answer as it should ({first_line(error)})"
        raise WrongUse(what, remedy=remedy) from error
    finally:
        connections.close_all()


def _leave_word(data: Path, away: dict[str, Any], *, is_back: bool) -> None:
    """So that nobody goes on noting at the old place by mistake."""
    if is_back:
        (data / database.MOVED).unlink(missing_ok=True)
        return
    where = f"{away['HOST'] or 'this computer'}/{away['NAME']}"
    (data / database.MOVED).write_text(f"{where}, since {date.today().isoformat()}\n")


def _tell(tables: Sequence[Moved], seconds: float) -> None:
    _print(tables)
    rows = sum(table.here["rows"] for table in tables)
    print(f"Moved {rows:,} rows of {len(tables)} tables in {seconds:.1f} s; every value is equal at both ends.")


def _print(tables: Sequence[Moved]) -> None:
    width = max(len(table.table) for table in tables)
    print(f"{'table':<{width}}  {'rows':>10}  {'hash of all rows':<16}")
    for table in tables:
        here, there = table.here, table.there
        same = "equal" if table.is_equal else f"NOT EQUAL: {there['rows']:,} rows, {there['sha256'][:16]}"
        print(f"{table.table:<{width}}  {here['rows']:>10,}  {here['sha256'][:16]}  {same}")
