"""The file outside the database that says how long each chain is: lines cut off at a chain's end leave a chain that is
whole in itself, and only this file knows that there were more."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from attunement_web.ledger.models.lines import keyed

Ends = Mapping[UUID, tuple[int, str]]  # of each chain: how many lines, and the last one's seal


def ends_in(path: Path) -> Ends | None:
    """How each chain ended when it was written, nothing where there is none; None when it is not as it was written."""
    if not path.exists():
        return {}
    mac, _, body = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    if keyed(body.rstrip("\n")) != mac:
        return None
    return {UUID(hex=chain): (count, head) for chain, count, head in json.loads(body)}


def write_ends(path: Path, ends: Ends) -> None:
    """Sealed, for its owner only; whole or not at all."""
    body = json.dumps([[chain.hex, *ends[chain]] for chain in sorted(ends)], separators=(",", ":"))
    beside = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{keyed(body)}\n{body}\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
