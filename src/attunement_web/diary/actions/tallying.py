"""Keeps each day's summary equal to its moments: the one place that does, in the transaction that writes the moments.

Whoever calls holds the family (`families.actions.hold_families`), because a row is read and then written.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from django.db import connection

from attunement_web.diary.models import DaySummary, Moment

logger = logging.getLogger(__name__)

DayKey: TypeAlias = tuple[UUID, date]  # a child and one of its days
Entry: TypeAlias = tuple[int, str]  # the minute, and what was noted as JSON

COUNTED = ("signal", "acts", "outcome", "mended", "calm")
EPOCH = date(1970, 1, 1).toordinal()
MINUTES_A_DAY = 24 * 60

_READ = "SELECT child_id, local_day, noted FROM diary_daysummary WHERE child_id IN ({}) AND local_day IN ({})"
_WRITE = (
    "INSERT INTO diary_daysummary (child_id, local_day, noted) VALUES (%s, %s, %s)"
    " ON CONFLICT (child_id, local_day) DO UPDATE SET noted = excluded.noted"
)
_EMPTY = "DELETE FROM diary_daysummary WHERE child_id = %s AND local_day = %s"


class Counted(Protocol):
    """What of a moment the summaries need; a model row and a named tuple of its values both have it."""

    child_id: Any
    local_day: Any
    happened_at: Any
    signal: Any
    acts: Any
    outcome: Any
    mended: Any
    calm: Any
    removed_at: Any


def tally(*, before: Iterable[Counted], after: Iterable[Counted]) -> None:
    """The moments as they were and as they now stand in the database; removed ones weigh nothing.

    As many statements for a thousand moments as for one, and none when nothing changed that a summary holds.
    """
    changes = _by_day(after)
    for key, counts in _by_day(before).items():
        changes.setdefault(key, Counter()).subtract(counts)
    changes = {key: change for key, change in changes.items() if any(change.values())}
    if changes:
        there = read_days(changes)
        write_days({key: _changed(key, there.get(key, ""), change) for key, change in changes.items()})


def _by_day(moments: Iterable[Counted]) -> dict[DayKey, Counter[Entry]]:
    days: dict[DayKey, Counter[Entry]] = {}
    for moment in moments:
        if moment.removed_at is None:
            days.setdefault((moment.child_id, moment.local_day), Counter())[_entry(moment)] += 1
    return days


def _entry(moment: Counted) -> Entry:
    began = (moment.local_day.toordinal() - EPOCH) * MINUTES_A_DAY
    shape = [getattr(moment, name) for name in COUNTED]
    return int(moment.happened_at.timestamp() // 60) - began, json.dumps(shape, separators=(",", ":"))


def _changed(key: DayKey, noted: str, change: Counter[Entry]) -> str:
    counts = _counts(noted)
    counts.update(change)
    if any(counts[entry] < 0 for entry in change):
        logger.warning("a day summary did not hold what was taken from it; counted again: child %s", key[0])
        return summaries(Moment.objects.live().filter(child=key[0], local_day=key[1])).get(key, "")
    return _text(counts)


def _counts(noted: str) -> Counter[Entry]:
    lines = (line.split(" ", 2) for line in noted.split("\n") if line)
    return Counter({(int(minute), shape): int(times) for minute, times, shape in lines})


def _text(counts: Mapping[Entry, int]) -> str:
    return "\n".join(f"{minute} {times} {shape}" for (minute, shape), times in sorted(counts.items()) if times)


def summaries(moments: Iterable[Counted]) -> dict[DayKey, str]:
    """What the summaries of these moments' days are when they are all there are."""
    return {key: _text(counts) for key, counts in _by_day(moments).items()}


def read_days(keys: Collection[DayKey]) -> dict[DayKey, str]:
    """The summaries of these days as they stand; a day that has none is absent."""
    children = {_id(child): child for child, _ in keys}
    days = list({day for _, day in keys})
    statement = _READ.format(*(",".join(["%s"] * len(several)) for several in (children, days)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*children, *map(_day, days)])
        return {(children[child], day): noted for child, day, noted in cursor.fetchall()}


def write_days(texts: Mapping[DayKey, str]) -> None:
    """These days as given; an empty one goes."""
    kept = [(_id(child), _day(day), noted) for (child, day), noted in texts.items() if noted]
    emptied = [(_id(child), _day(day)) for (child, day), noted in texts.items() if not noted]
    with connection.cursor() as cursor:  # the ORM needs five times as long for the same statement
        if kept:
            cursor.executemany(_WRITE, kept)
        if emptied:
            cursor.executemany(_EMPTY, emptied)


def _id(child: UUID) -> Any:
    return DaySummary._meta.get_field("child").get_db_prep_value(child, connection)


def _day(day: date) -> Any:
    return DaySummary._meta.get_field("local_day").get_db_prep_value(day, connection)
