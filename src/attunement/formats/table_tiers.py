"""Who speaks in a tier of a table, and which row hangs under which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from attunement.errors import Issue, Severity
from attunement.events import NONE, Index, Tier
from attunement.formats.rows import Rows, listed, refuse_circles


def with_participants(names: Sequence[str], tier: Index, who: pl.Series) -> tuple[Tier, ...]:
    """The tiers, each with the participant of its first row."""
    _, first = np.unique(tier, return_index=True)
    return tuple(Tier(name, participant=who[row]) for name, row in zip(names, first.tolist(), strict=True))


def hung(rows: Rows, named: Sequence[str], name: str, issues: list[Issue]) -> Rows:
    """The rows, each under the row whose id is `named`; those of one tier under rows of one other tier.

    Raises NotReadable where a tier hangs under itself.
    """
    at = {row_id: row for row, row_id in reversed(list(enumerate(rows.ids)))}
    parent = np.fromiter((at.get(one, NONE) if one else NONE for one in named), np.int32, len(named))
    above: dict[int, int] = {}
    for row in np.flatnonzero(parent != NONE).tolist():
        over = int(rows.tier[parent[row]])
        if above.setdefault(int(rows.tier[row]), over) != over:
            parent[row] = NONE
    lost = [row for row, one in enumerate(named) if one and parent[row] == NONE]
    why = "the row it hangs under is not there, or not in the tier of the others; it hangs under none"
    issues += listed("dangling-reference", Severity.WARNING, lost, rows.place, lambda row: why, name)
    tiers = tuple(
        replace(tier, parent=rows.tiers[above[place]].name if place in above else "")
        for place, tier in enumerate(rows.tiers)
    )
    refuse_circles(tiers, name)
    return replace(rows, tiers=tiers, parent=parent)
