"""When ELAN's annotations begin and end: from slots, from slots without a time, from the annotation they hang under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from attunement.errors import NotReadable, Severity
from attunement.events import NONE, Bools, Index, Ints, Tier
from attunement.formats.rows import Rows

UNSET = -(2**62)  # a slot without a time
DEEPEST = 64  # annotations hanging under each other


class Document(Protocol):
    """What is needed of a file here."""

    name: str
    slots: dict[str, int]
    slot_ms: list[int]
    tiers: list[Tier]
    ids: list[str]
    aligned: list[bool]
    first: list[str]
    second: list[str | None]

    def place(self, row: int) -> str: ...

    def say(self, code: str, at: list[int], why: str, severity: Severity = ...) -> None: ...

    def note(self, code: str, place: str, message: str, severity: Severity = ...) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Columns, one for each row asked about."""

    start: Ints
    end: Ints
    without_time: Bools


def aligned_spans(document: Document, rows: npt.NDArray[np.intp], tier: Index) -> Spans:
    """The spans of rows that name their slots. A slot without a time lies evenly between its neighbours that have one."""
    times = np.array([*document.slot_ms, UNSET], np.int64)  # NONE points to the last one
    opens, closes = (
        np.fromiter(map(document.slots.get, compress(slots, document.aligned), repeat(NONE)), np.int64, len(rows))
        for slots in (document.first, cast(list[str], document.second))
    )
    nowhere = (opens == NONE) | (closes == NONE)
    document.say("dangling-reference", rows[nowhere].tolist(), "its time slot is not in the file; left out")
    unset = ~nowhere & ((times[opens] == UNSET) | (times[closes] == UNSET))
    for one in np.unique(tier[rows[unset]]).tolist():  # rows, and so their tiers, are in order
        own = slice(*np.searchsorted(tier[rows], [one, one + 1]).tolist())
        _place_evenly(times, opens[own][~nowhere[own]], closes[own][~nowhere[own]])
    start, end = times[opens], times[closes]
    still = ~nowhere & ((start == UNSET) | (end == UNSET))
    document.say("no-time", rows[still].tolist(), "no time is set at or around it; left out")
    for one, count in zip(*np.unique(tier[rows[unset & ~still]], return_counts=True), strict=True):
        message = f"{count} rows had no time of their own; placed evenly between their neighbours"
        document.note("time-not-set", f"tier {document.tiers[one].name}", message, Severity.NOTE)
    return Spans(start, end, nowhere | still)


def _place_evenly(times: Ints, opens: Ints, closes: Ints) -> None:
    """Gives times to a tier's slots without one: first along rows that share slots, then in the order of the slots."""
    follows = dict(zip(opens.tolist(), closes.tolist(), strict=True))
    for begin in [slot for slot in follows if times[slot] != UNSET]:
        chain = [begin]
        while (
            chain[-1] in follows and (len(chain) == 1 or times[chain[-1]] == UNSET) and len(chain) <= len(follows) + 1
        ):
            chain.append(follows[chain[-1]])
        _between(times, chain)
    inside: list[int] = []
    for slot in np.unique(np.concatenate([opens, closes])).tolist():
        inside.append(slot)
        if times[slot] != UNSET:
            _between(times, inside)
            inside = [slot]


def _between(times: Ints, chain: Sequence[int]) -> None:
    """Spreads the inner slots evenly, where both ends have a time, in order."""
    first, last, steps = int(times[chain[0]]), int(times[chain[-1]]), len(chain) - 1
    if steps > 1 and UNSET not in (first, last) and first <= last:
        for step, slot in enumerate(chain[1:-1], 1):
            times[slot] = first + round((last - first) * step / steps)


def sibling_shares(document: Document, tier: Index, parent: Index) -> tuple[Ints, Ints]:
    """Which part of its parent's time a row has, `share` of `shares` (n,): siblings linked in order share it evenly."""
    share, shares = np.zeros(len(tier), np.int64), np.ones(len(tier), np.int64)
    linked = np.array([before is not None for before in document.second], np.bool_) & (parent != NONE)
    family = parent.astype(np.int64) * max(len(document.tiers), 1) + tier
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero((parent != NONE) & np.isin(family, family[linked])).tolist():
        members.setdefault(int(family[row]), []).append(row)
    for siblings in members.values():
        ordered = _in_order(document, siblings)
        share[ordered] = np.arange(len(ordered))
        shares[ordered] = max(len(ordered), 1)
    return share, shares


def _in_order(document: Document, siblings: Sequence[int]) -> list[int]:
    """The siblings as each names the one before it; none where no one does. Raises NotReadable for a circle."""
    of_id = {document.ids[row]: row for row in siblings}
    after: dict[int, list[int]] = {}
    heads = []
    for row in siblings:
        before = of_id.get(document.second[row] or "")
        if before is None:
            heads.append(row)
        else:
            after.setdefault(before, []).append(row)
    if not after:
        return []
    found: list[int] = []
    waiting = heads[::-1]
    while waiting:
        row = waiting.pop()
        found.append(row)
        waiting.extend(reversed(after.get(row, [])))
    if len(found) < len(siblings):
        _refuse_circle(document, min(set(siblings) - set(found)))
    return found


def inherit(
    document: Document, start: Ints, end: Ints, gone: Bools, parent: Index, share: Ints, shares: Ints
) -> list[int]:
    """Fills the times of rows that hang under others, and gives the rows whose parent is `gone`, marked so too."""
    waiting = np.flatnonzero((parent != NONE) & ~gone)
    settled = np.ones(len(start), np.bool_)
    settled[waiting] = False
    orphans: list[int] = []
    for _ in range(DEEPEST):
        ready = waiting[settled[parent[waiting]]]
        above = parent[ready]
        begin, length = start[above], end[above] - start[above]
        start[ready] = begin + length * share[ready] // shares[ready]
        end[ready] = begin + length * (share[ready] + 1) // shares[ready]
        settled[ready] = True
        lost = ready[gone[above]]
        gone[lost] = True
        orphans += lost.tolist()
        waiting = waiting[~settled[waiting]]
        if not len(waiting):
            return orphans
    _refuse_circle(document, int(waiting[0]))
    return orphans


def containers(rows: Rows, own: npt.NDArray[np.intp], around: npt.NDArray[np.intp]) -> Index:
    """For each row of `own` the row of `around` that its time lies within, or NONE."""
    if not len(around):
        return np.full(len(own), NONE, np.int32)
    around = around[np.lexsort((rows.end[around], rows.start[around]))]
    found = np.searchsorted(rows.start[around], rows.start[own], "right") - 1
    inside = (found >= 0) & (rows.end[around[found]] >= rows.end[own])
    return np.where(inside, around[found], NONE).astype(np.int32)


def _refuse_circle(document: Document, row: int) -> None:
    raise NotReadable(
        f"it hangs under itself, or deeper than {DEEPEST} levels", place=f"{document.name}, {document.place(row)}",
        remedy="mend its reference in ELAN",
    )  # fmt: skip
