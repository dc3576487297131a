"""What the running site does by itself, with no other service: a backup each night; each hour the
ledger's checkpoint, and what is due to be erased."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from attunement_web.actor import unscoped
from attunement_web.shell.queries import last_backup

NIGHT = 3  # o'clock, on this machine's own clock
A_DAY = timedelta(days=1)
LOOKS_EVERY = 60.0  # seconds
AFTER_TROUBLE = 3600.0  # seconds until the next try
AN_HOUR = 3600.0


def is_due(last: datetime | None, now: datetime) -> bool:
    """None younger than a day, or none since three at night: whether the machine slept, was off, or its clock moved."""
    if last is None or now - last >= A_DAY:
        return True
    night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return last < night <= now < night + timedelta(hours=2)


def keep_watch(data: Path, stop: threading.Event, *, first_look: float = LOOKS_EVERY) -> threading.Thread:
    """Look now and then in a thread of its own. It belongs to the process that starts the workers, of which there is one."""
    thread = threading.Thread(target=_watch, args=(lambda: _keep(data), stop, first_look), daemon=True, name="backups")
    thread.start()
    return thread


def each_hour(data: Path, stop: threading.Event, *, first_look: float = LOOKS_EVERY) -> threading.Thread:
    """Soon, and each hour: the ledger's checkpoint, and what waited its week to be erased. In a thread of its own."""
    thread = threading.Thread(target=_hours, args=(data, stop, first_look), daemon=True, name="hours")
    thread.start()
    return thread


def _hours(data: Path, stop: threading.Event, pause: float) -> None:
    from attunement_web.site.rights.erase import erase_quietly

    while not stop.wait(pause):
        erase_quietly(data)
        mark_ledger(data)
        pause = AN_HOUR


@unscoped("the checkpoint counts every chain")
def mark_ledger(data: Path) -> None:
    """Write down outside the database how far the ledger goes; what no longer goes so far is said, and not forgotten.

    Nothing that goes wrong here may stop the site.
    """
    from django.db import Error, connection

    from attunement_web.ledger.actions import write_checkpoint
    from attunement_web.site.ledger import CHECKPOINT
    from attunement_web.site.logs import tell

    try:
        if unlike := write_checkpoint(data / CHECKPOINT):
            tell("ledger.not-as-written", level=logging.ERROR, chains=len(unlike))
    except (Error, OSError):
        tell("ledger.not-marked", level=logging.ERROR)
    finally:
        connection.close()


def _watch(keep: Callable[[], bool], stop: threading.Event, first_look: float) -> None:
    """Waiting is by a clock that never jumps; what is due is asked of the one on the wall."""
    pause = first_look
    while not stop.wait(pause):
        pause = LOOKS_EVERY if keep() else AFTER_TROUBLE


def _keep(data: Path) -> bool:
    """Whether all is well: kept, or not due. Nothing that goes wrong here may stop the site."""
    from attunement.errors import AttunementError
    from attunement_web.site.keeping.backup import make_backup
    from attunement_web.site.keeping.household import backups_of, settings_of
    from attunement_web.site.logs import tell

    try:
        now, folder = datetime.now().astimezone(), backups_of(data)
        if not is_due(last_backup(folder, now), now):
            return True
        began = time.monotonic()
        kept = make_backup(data, folder, settings_of(data), now=now)
    except (AttunementError, OSError):
        tell("backup.not-kept", level=logging.ERROR)
        return False
    except Exception:
        tell("backup.broke", level=logging.ERROR)
        return False
    took = round(time.monotonic() - began, 1)
    tell("backup.kept", rows=kept.rows, bytes=kept.path.stat().st_size, gone=kept.gone, seconds=took)
    if kept.is_first_key:
        tell("backup.key-made", level=logging.WARNING)
    return True
