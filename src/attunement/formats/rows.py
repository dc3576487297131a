"""From a file's rows, in its own order, to a reading: times are checked, what is off is said and left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from attunement.clock import HOUR, LONGEST_MS, MINUTE, SECOND, Span
from attunement.errors import Issue, NotReadable, Severity
from attunement.events import NONE, Bools, Events, Index, Ints, Numbered, Reading, Session, Tier

LISTED = 20  # issues of one code that are named one by one; the rest are counted
T = TypeVar("T")

ALL = slice(None)
_FAR = 4 * LONGEST_MS  # wider than any row that passed the checks

Order = Ints | slice  # rows, or all of them as they stand


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Columns (n,) in the file's order; start and end in whole milliseconds.

    tier and value: indices into `tiers` and `values`. parent: a row, or NONE.
    ids: what the file calls each row.
    """

    tiers: tuple[Tier, ...]
    values: tuple[str, ...]
    tier: Index
    value: Index
    start: Ints
    end: Ints
    ids: Sequence[str]
    parent: Index

    def place(self, row: int) -> str:
        return f"{self.tiers[self.tier[row]].name} {self.ids[row]}".strip() or f"row {row + 1}"


def reading(
    rows: Rows,
    *,
    name: str,
    format: str,
    issues: Sequence[Issue] = (),
    media: Sequence[str] = (),
    left_out: Bools | None = None,
    track: Index | None = None,
    lasts_ms: int = 0,
    observed: Sequence[Span] = (),
) -> Reading:
    """The rows that have a possible time, as a session.

    left_out: (n,) rows whose `issues` the reader gave already. track: (n,) rows of one track may not overlap
    (by default a tier is a track). lasts_ms: how long the file says that the recording is; its last event counts too.
    observed: the stretches that it says were watched, where that is not all of it.
    """
    gone = np.zeros(len(rows.start), np.bool_) if left_out is None else left_out.copy()
    found = [*issues, *_impossible(rows, gone, name)]
    order = _by_time(rows, np.flatnonzero(~gone) if gone.any() else ALL)
    found += _overlaps(rows, order, rows.tier if track is None else track, name)
    session = _session(rows, order, name, tuple(media), lasts_ms)
    return Reading(_watched(session, observed), tuple(found), format)


def listed(
    code: str,
    severity: Severity,
    at: Sequence[int],
    place: Callable[[int], str],
    message: Callable[[int], str],
    name: str,
) -> list[Issue]:
    """An issue for each of the rows `at`, the first ones by name and the rest as one count."""
    issues = [Issue(code, severity, place(row), message(row)) for row in at[:LISTED]]
    if len(at) > LISTED:
        issues.append(Issue(code, severity, name, f"{len(at) - LISTED} more like these"))
    return issues


def refuse_circles(tiers: Sequence[Tier], name: str) -> None:
    """Raises NotReadable where a tier hangs under itself."""
    parent_of = {tier.name: tier.parent for tier in reversed(tiers)}
    sound = {""}
    for tier in parent_of:
        path: dict[str, None] = {}
        while tier not in sound and tier in parent_of:
            if tier in path:
                raise NotReadable(
                    "it hangs under itself", place=f"{name}, tier {tier}", remedy="give it another parent"
                )
            path[tier] = None
            tier = parent_of[tier]
        sound.update(path)


def show_time(ms: int) -> str:
    """A time in a recording as coding programs show it: "0:01:23.456"."""
    sign, rest = ("-" if ms < 0 else ""), abs(ms)
    return f"{sign}{rest // HOUR}:{rest % HOUR // MINUTE:02}:{rest % MINUTE / SECOND:06.3f}"


def _by_time(rows: Rows, kept: Order) -> Order:
    start, end = rows.start[kept], rows.end[kept]
    later = (start[1:] > start[:-1]) | ((start[1:] == start[:-1]) & (end[1:] >= end[:-1]))
    if later.all():
        return kept
    order = np.lexsort((end, start))
    return order if isinstance(kept, slice) else kept[order]


def _impossible(rows: Rows, gone: Bools, name: str) -> list[Issue]:
    """Issues of rows whose times cannot be; marks these rows in `gone`."""
    start, end = rows.start, rows.end
    issues: list[Issue] = []
    kinds: tuple[tuple[str, Bools, str], ...] = (
        ("time-negative", np.minimum(start, end) < 0, "a time lies before the recording begins"),
        ("time-too-late", np.maximum(start, end) > LONGEST_MS, "a time lies beyond 48 hours"),
        ("times-reversed", end < start, "it ends before it begins"),
    )
    for code, wrong, why in kinds:
        at = np.flatnonzero(wrong & ~gone).tolist()
        gone |= wrong

        def said(row: int, why: str = why) -> str:
            return f"{why} ({show_time(int(start[row]))} to {show_time(int(end[row]))}); left out"

        issues += listed(code, Severity.ERROR, at, rows.place, said, name)
    return issues


def _overlaps(rows: Rows, order: Order, track: Index, name: str) -> list[Issue]:
    """Rows that begin before an earlier row of their track has ended; a point inside a span is no overlap."""
    lane = track[order]
    few = lane.astype(np.uint16) if lane.max(initial=0) < 2**16 else lane  # sorting these takes a tenth of the time
    sorted_by_lane = np.argsort(few, kind="stable")  # within a lane the order, by time, stays
    by_lane = sorted_by_lane if isinstance(order, slice) else order[sorted_by_lane]
    base = lane[sorted_by_lane].astype(np.int64) * _FAR
    start, end = rows.start[by_lane] + base, rows.end[by_lane] + base
    latest = np.maximum.accumulate(end)[:-1]
    hit = np.flatnonzero((start[1:] < latest) & (end[1:] > start[1:])) + 1
    until = dict(zip(by_lane[hit].tolist(), (latest[hit - 1] - base[hit]).tolist(), strict=True))

    def said(row: int) -> str:
        begins, ends = show_time(int(rows.start[row])), show_time(until[row])
        return f"it begins at {begins}, while one before it lasts until {ends}; both are kept"

    return listed("overlap", Severity.WARNING, list(until), rows.place, said, name)


def _session(rows: Rows, order: Order, name: str, media: tuple[str, ...], lasts_ms: int) -> Session:
    tiers = {tier.name: tier for tier in reversed(rows.tiers)}
    names = tuple(dict.fromkeys(tier.name for tier in rows.tiers))
    at = {tier: place for place, tier in enumerate(names)}
    merged = np.array([at[tier.name] for tier in rows.tiers], np.int32)
    filed = (
        order if isinstance(order, slice) else np.sort(order)
    )  # vocabularies are in the order of first use in the file
    end = rows.end[order]
    actors, actor_at = used(merged[rows.tier[filed]] if len(end) else rows.tier[:0], names)
    codes, code_at = used(rows.value[filed], rows.values)
    length = np.array([end.max(initial=max(lasts_ms, 0))], np.int64)
    events = Events(
        np.zeros(len(end), np.int32), actor_at[merged][rows.tier[order]] if len(end) else rows.tier[:0],
        code_at[rows.value[order]], rows.start[order], end, (name,), actors, codes, length, length.copy(),
    )  # fmt: skip
    return Session(
        events, tuple(tiers[tier] for tier in names), _moved(rows.parent, order), _picked(rows.ids, order), media
    )


def _watched(session: Session, observed: Sequence[Span]) -> Session:
    """The same with its observed stretches, as far as they lie in it."""
    lasts = int(session.events.duration_ms[0])
    within = [Span(max(span.start, 0), min(span.end, lasts)) for span in observed]
    kept = tuple(span for span in within if span.length > 0)
    if not kept or kept == (Span(0, lasts),):
        return session
    observed_ms = np.array([sum(span.length for span in kept)], np.int64)
    return replace(session, events=replace(session.events, observed_ms=observed_ms), observed=kept)


def used(column: Index, names: Sequence[T]) -> tuple[tuple[T, ...], Index]:
    """The names in use, in order of first use, and where each name of `names` stands among them."""
    first = np.full(len(names), len(column))
    first[column[::-1]] = np.arange(len(column))[::-1]  # where a place is written twice, the last one stays
    used = np.argsort(first, kind="stable")[: int((first < len(column)).sum())]
    at = np.full(len(names), NONE, np.int32)
    at[used] = np.arange(len(used), dtype=np.int32)
    return tuple(names[place] for place in used.tolist()), at


def _moved(parent: Index, order: Order) -> Index:
    if isinstance(order, slice):
        return parent
    landed = np.full(len(parent) + 1, NONE, np.int32)  # the last one is where NONE points
    landed[order] = np.arange(len(order), dtype=np.int32)
    return landed[parent[order]]


def _picked(ids: Sequence[str], order: Order) -> Sequence[str]:
    if isinstance(ids, Numbered):
        return ids[order]
    return tuple(ids) if isinstance(order, slice) else tuple(map(ids.__getitem__, order.tolist()))
