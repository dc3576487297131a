"""Checks that nothing in the ledger was changed, put in, taken out or cut: `attunement ledger`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from attunement.errors import AttunementError, WrongUse
from attunement_web.actor import unscoped
from attunement_web.site.keeping.household import folder_of, open_household

CHECKPOINT = "ledger-checkpoint"  # in the data folder: outside the database
BROKEN = 1  # the command's answer when it is not as it was written
SHOWN = 20
_WHAT = {
    "changed": "line {number} is not as it was written",
    "missing": "line {number} is not there",
    "cut": "it ends before line {number}, though it once went on",
    "checkpoint": "the checkpoint file is not as it was written",
}


@unscoped("the command checks every line")
def main(argv: Sequence[str]) -> int:
    """0 it is whole; 1 it is not; 2 with one line on stderr when we cannot look."""
    wanted = _arguments().parse_args(argv)
    try:
        data = folder_of(wanted.data)
        open_household(data)
        return (_marked if wanted.mark else _checked)(data / CHECKPOINT)
    except (AttunementError, ImproperlyConfigured, OSError) as error:
        print(f"attunement ledger: {' '.join(str(error).split())}", file=sys.stderr)
        return int(WrongUse.exit_code)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attunement ledger",
        description="Check that the ledger of who changed and who looked is as it was written; exit code 1 when not.",
    )
    parser.add_argument("--data", type=Path, help="the household's folder (the one that attunement serve uses)")
    parser.add_argument(
        "--mark", action="store_true", help="instead, write down how far it goes, as the running site does each hour"
    )
    return parser


def _marked(checkpoint: Path) -> int:
    from attunement_web.ledger.actions import write_checkpoint

    unlike = write_checkpoint(checkpoint)
    for chain in unlike[:SHOWN]:
        print(f"chain {chain}: it is not what the checkpoint said of it")
    print("It is not as it was written." if unlike else f"Marked: {checkpoint}")
    return BROKEN if unlike else 0


def _checked(checkpoint: Path) -> int:
    from attunement_web.ledger.models import Chain, Entry
    from attunement_web.ledger.queries import breaks

    found = list(islice(breaks(checkpoint), SHOWN + 1))
    for one in found[:SHOWN]:
        print(f"chain {one.chain}: {_WHAT[one.what].format(number=one.number)}")
    if len(found) > SHOWN:
        print("and more like these")
    told = "It is not as it was written." if found else "All is as it was written."
    against = "" if checkpoint.exists() else " There is no checkpoint to hold it against yet."
    print(f"{Entry.objects.count()} lines in {Chain.objects.count()} chains. {told}{against}")
    return BROKEN if found else 0
