"""The list of erasures outside the database: beside the ledger's checkpoint, and beside the backups.

A backup from before an erasure knows nothing of it; whoever restores one reads this list and erases again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

NAME = "erasures"
LARGEST = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Erased:
    """Ids and a time; `child` is None where it was the whole family."""

    id: UUID
    family: UUID
    child: UUID | None
    children: tuple[UUID, ...]
    at: datetime

    def as_line(self) -> str:
        told = {
            "id": str(self.id), "family": str(self.family), "child": self.child and str(self.child),
            "children": [str(one) for one in self.children], "at": self.at.isoformat(timespec="seconds"),
        }  # fmt: skip
        return json.dumps(told) + "\n"


def write_erased(folders: Collection[Path], erased: Iterable[Erased]) -> None:
    """Add what is not there yet, on the disk before anything is erased; the folder of backups may be away."""
    erased = list(erased)
    for number, folder in enumerate(folders):
        if number and not folder.is_dir():
            continue  # a stick that is not plugged in; the daily run writes it another day
        there = {one.id for one in read_erased([folder])}
        lines = "".join(one.as_line() for one in erased if one.id not in there)
        if lines:
            _append(folder / NAME, lines)


def share_erased(folders: Collection[Path]) -> None:
    """Each list gets what another has: a folder of backups that was away when something was erased."""
    write_erased(folders, read_erased(folders))


def read_erased(folders: Iterable[Path]) -> list[Erased]:
    """Those of all lists, each once. A line cut off by a full disk is passed over: its erasure was not carried out."""
    found: dict[UUID, Erased] = {}
    for folder in folders:
        path = folder / NAME
        for text in path.read_text().splitlines() if path.is_file() and path.stat().st_size <= LARGEST else ():
            if one := _read(text):
                found.setdefault(one.id, one)
    return list(found.values())


def _read(text: str) -> Erased | None:
    try:
        told = json.loads(text)
        child = told["child"] and UUID(told["child"])
        children = tuple(UUID(one) for one in told["children"])
        return Erased(UUID(told["id"]), UUID(told["family"]), child, children, datetime.fromisoformat(told["at"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _append(path: Path, lines: str) -> None:
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        file.seek(0, 2)
        if file.tell() and (file.seek(-1, 2), file.read(1))[1] != b"\n":
            lines = "\n" + lines  # after a line that was cut off
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())
