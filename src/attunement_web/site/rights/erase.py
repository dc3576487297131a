"""Erases what waited its week, in every table and file, and after a restore again: `attunement erase`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from attunement.errors import AttunementError, WrongUse
from attunement_web.actor import unscoped
from attunement_web.site.keeping.household import backups_of, folder_of, open_household


def main(argv: Sequence[str]) -> int:
    """0 done, also when nothing was due; 2 with one line on stderr when it could not be."""
    wanted = _arguments().parse_args(argv)
    try:
        data = folder_of(wanted.data)
        open_household(data)
        done, held = erase(data)
    except (AttunementError, ImproperlyConfigured, OSError) as error:
        print(f"attunement erase: {' '.join(str(error).split())}", file=sys.stderr)
        return int(WrongUse.exit_code)
    print(f"Erased: {done}. Backups made before hold it for up to 35 days; what restores one erases it again.")
    if held:
        print(f"Not yet erased: {held}. This machine was off, or its clock jumped; run it again when a day is over.")
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attunement erase",
        description="Erase the records that waited their week. Who asks for it does so on a page.",
    )
    parser.add_argument("--data", type=Path, help="the household's folder (the one that attunement serve uses)")
    parser.add_argument("--due", action="store_true", required=True, help="those whose week is over, and no others")
    return parser


def outside(data: Path) -> list[Path]:
    """Where the list of erasures lies: in the household's folder, and beside its backups."""
    return list(dict.fromkeys([data, backups_of(data)]))


@unscoped("whose week is over is erased, whoever it is")
def erase(data: Path) -> tuple[int, int]:
    """How many were carried out, and how many not yet, since we doubt the clock. Raises WrongUse when somebody kept
    reading an older state."""
    from attunement_web.rights import actions, queries
    from attunement_web.rights.actions.scrubbing import NotYet

    try:
        actions.share_erased(outside(data))
        now = datetime.now(UTC)
        return actions.erase_due(now=now, outside=outside(data)), queries.held_back(now)
    except NotYet as error:
        raise WrongUse("it is gone, but the log could not be cut while others read; run it again") from error


@unscoped("whatever was erased before is erased again")
def erase_restored(data: Path) -> None:
    """At the first start after a restore: whatever was erased since the backup was made is erased again."""
    from attunement_web.rights.actions import erase_again

    erase_again(now=datetime.now(UTC), outside=outside(data))


def erase_quietly(data: Path) -> bool:
    """Whether all is well. Nothing that goes wrong here may stop the site; the log gets a count and no name."""
    from django.db import connection

    from attunement_web.site.logs import tell

    try:
        done, held = erase(data)
        if done:
            tell("erasures.done", count=done)
        if held:
            tell("erasures.held", level=logging.WARNING, count=held)
    except Exception:
        tell("erasures.not-done", level=logging.ERROR)
        return False
    finally:
        connection.close()
    return True
