"""Writes everything of a family, or of one child, into one archive: `attunement export`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from attunement.errors import AttunementError, WrongUse
from attunement_web.actor import unscoped
from attunement_web.site.keeping.household import folder_of, open_household


@unscoped("whoever has the machine may copy any record on it")
def main(argv: Sequence[str]) -> int:
    """0 written; 2 with one line on stderr when it cannot be. A file that is there is never written over."""
    wanted = _arguments().parse_args(argv)
    try:
        open_household(folder_of(wanted.data))
        rows = _write(wanted.out, wanted.child, wanted.family)
    except (AttunementError, ImproperlyConfigured) as error:
        print(f"attunement export: {' '.join(str(error).split())}", file=sys.stderr)
        return int(WrongUse.exit_code)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        print(f"attunement export: {wanted.out}: {why}; no copy was written", file=sys.stderr)
        return int(WrongUse.exit_code)
    print(
        f"Written: {wanted.out} ({rows['children']} children, {rows['moments']} moments). Whoever has it can read it."
    )
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="attunement export", description="Write a family's record into one archive.")
    parser.add_argument("--data", type=Path, help="the household's folder (the one that attunement serve uses)")
    parser.add_argument("--child", type=_id, help="this child only (its id)")
    parser.add_argument("--family", type=_id, help="this family (its id), where several live here")
    parser.add_argument("--out", type=Path, required=True, help="the archive to write, a .zip that is not there yet")
    return parser


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is no id") from None


def _write(out: Path, child: UUID | None, family: UUID | None) -> dict[str, int]:
    from attunement_web.rights import actions, queries

    about = _about(child, family)
    if out.exists():
        raise WrongUse("this file is there already", place=str(out), remedy="name another with --out")
    half = out.with_name(f".{out.name}.half")
    try:
        with os.fdopen(os.open(half, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            copied = queries.write_copy(file, about, now=datetime.now(UTC))
            file.flush()
            os.fsync(file.fileno())
        actions.begin_copy(about=about, by=None)
        half.rename(out)
    finally:
        half.unlink(missing_ok=True)
    return copied.rows


def _about(child: UUID | None, family: UUID | None) -> Any:
    from attunement_web.families.models import Child, Family
    from attunement_web.rights import queries

    if child is not None:
        found = Child.objects.filter(pk=child, closed_at=None).first()
        if found is None:
            raise WrongUse("there is no such child here, or its record is closed", place=str(child))
        return queries.about_child(found)
    families = list(Family.objects.values_list("pk", flat=True)[:20]) if family is None else [family]
    if len(families) > 1:
        remedy = "name one with --family: " + ", ".join(map(str, families))
        raise WrongUse("several families live here", remedy=remedy)
    about = queries.about_family(families[0]) if families else None
    if about is None or not about.children:
        raise WrongUse("there is no such family here, or its record is closed")
    return about
