"""Proves that the days' summaries equal the moments, or builds them anew: `attunement summaries`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from attunement.errors import AttunementError, WrongUse
from attunement_web.actor import unscoped
from attunement_web.site.keeping.household import folder_of, open_household

DIFFER = 1  # the command's answer when some do


@unscoped("the command compares every day of every child")
def main(argv: Sequence[str]) -> int:
    """0 they are equal, or are now; 1 some differ; 2 with one line on stderr when we cannot look."""
    wanted = _arguments().parse_args(argv)
    try:
        open_household(folder_of(wanted.data))
        return _rebuilt() if wanted.rebuild else _compared()
    except (AttunementError, ImproperlyConfigured) as error:
        print(f"attunement summaries: {' '.join(str(error).split())}", file=sys.stderr)
        return int(WrongUse.exit_code)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attunement summaries",
        description="Compare each day's summary with the moments noted on it; exit code 1 when some differ.",
    )
    parser.add_argument("--data", type=Path, help="the household's folder (the one that attunement serve uses)")
    parser.add_argument("--rebuild", action="store_true", help="set those right that differ")
    return parser


def _compared() -> int:
    from attunement_web.diary.actions import summaries_that_differ

    found = summaries_that_differ()
    print(f"{_of_all()}. Days that differ from their moments: {found}." + (" --rebuild sets them right." * bool(found)))
    return DIFFER if found else 0


def _rebuilt() -> int:
    from attunement_web.diary.actions import rebuild_summaries

    found = rebuild_summaries()
    print(f"{_of_all()}. Days that differed from their moments and were built anew: {found}.")
    return 0


def _of_all() -> str:
    from attunement_web.diary.models import DaySummary, Moment

    return f"Days: {DaySummary.objects.count()}. Moments: {Moment.objects.live().count()}"
