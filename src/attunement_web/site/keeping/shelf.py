"""The folder of backups: one maker at a time, half-made files swept, seven days and four weeks kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attunement.errors import WrongUse
from attunement_web.shell.queries import WRITTEN, kept_backups

DAYS, WEEKS = 7, 4
GONE_AFTER = timedelta(days=35)  # what was erased from a household is by then in no backup of it
A_GAP = timedelta(days=2)  # after a longer one the clock may be wrong: that time nothing is thrown away
WORKSHOP, HALF = ".backup-", ".half"


def name_for(at: datetime) -> str:
    return at.astimezone(UTC).strftime(WRITTEN)


def to_remove(backups: Mapping[Path, datetime], now: datetime) -> list[Path]:
    """Those that the newest `DAYS` days and `WEEKS` weeks do not need. The newest of all always stays.

    One from the future was made under a wrong clock, as may those be that seem too old beside it; it goes once four
    weeks of others have come together.
    """
    past = {path: at for path, at in backups.items() if at <= now}
    newest = sorted(past, key=past.__getitem__, reverse=True)
    if len(newest) < 2 or past[newest[0]] - past[newest[1]] > A_GAP:
        return []
    young = [path for path in newest if now - past[path] < GONE_AFTER]
    stay = {newest[0], *_first_of(young, past, "%F", DAYS)}
    stay |= set(_first_of([path for path in young if path not in stay], past, "%G-%V", WEEKS))
    whole = past[newest[0]] - min(past.values()) >= timedelta(weeks=WEEKS)
    return [path for path in backups if path not in stay and (path in past or whole)]


def _first_of(newest_first: Iterable[Path], made: Mapping[Path, datetime], each: str, most: int) -> list[Path]:
    """The newest of each day or week, of the `most` latest of these."""
    found: dict[str, Path] = {}
    for path in newest_first:
        found.setdefault(made[path].strftime(each), path)
    return list(found.values())[:most]


def tidy(folder: Path, now: datetime) -> list[Path]:
    """Throw away what is not kept; what went."""
    gone = to_remove(kept_backups(folder), now)
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


@contextmanager
def workshop(data: Path, folder: Path) -> Iterator[Path]:
    """A private folder beside the household for what is readable, empty again afterwards; one maker at a time."""
    with _only_one(data):
        for left in [*data.glob(f"{WORKSHOP}*/"), *folder.glob(f"{WORKSHOP}*{HALF}")]:  # of a maker that was killed
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        private = Path(tempfile.mkdtemp(prefix=WORKSHOP, dir=data))
        try:
            yield private
        finally:
            shutil.rmtree(private, ignore_errors=True)


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    with (data / "backup.lock").open("ab") as file:
        if not _locked(file.fileno()):
            raise WrongUse("a backup is being made already", place=str(data), remedy="wait until it is done")
        yield


def _locked(handle: int) -> bool:
    """The system lets go of the lock when its process ends, however it ends."""
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # Windows only
    except OSError:
        return False
    return True


def settle(path: Path) -> None:
    """See the names in a folder onto the disk."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
