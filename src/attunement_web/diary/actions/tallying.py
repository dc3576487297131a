"""Keeps each day's summary equal to its moments: the one place that does, in the transaction that writes the moments.

Whoever calls holds the family (`families.actions.hold_families`), because a row is read and then written.
"""

from __future__ import annotations

import json
import logging
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from django.db import connection

from attunement_web.diary.actions.keys import key_maker
from attunement_web.diary.models import Moment

logger = logging.getLogger(__name__)

DayKey: TypeAlias = tuple[UUID, date]  # a child and one of its days
Entry: TypeAlias = tuple[int, str]  # the minute, and what was noted as JSON

COUNTED = ("signal", "acts", "outcome", "mended", "calm")
EPOCH = date(1970, 1, 1).toordinal()
MINUTES_A_DAY = 24 * 60

_as_json = json.JSONEncoder(separators=(",", ":")).encode
_READ = "SELECT child_id, {} AS day, noted FROM diary_daysummary WHERE child_id IN ({}) AND local_day IN ({})"
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
            key = moment.child_id, moment.local_day
            day = days.get(key)
            if day is None:
                day = days[key] = Counter()
            day[_entry(moment)] += 1
    return days


def _entry(moment: Counted) -> Entry:
    began = (moment.local_day.toordinal() - EPOCH) * MINUTES_A_DAY
    shape = _shape(moment.signal, tuple(moment.acts), moment.outcome, moment.mended, moment.calm)
    return int(moment.happened_at.timestamp() // 60) - began, shape


@lru_cache(maxsize=4096, typed=True)  # families note much the same things
def _shape(signal: str, acts: tuple[str, ...], outcome: str, mended: bool | None, calm: int | None) -> str:
    return _as_json([signal, acts, outcome, mended, calm])


def _changed(key: DayKey, noted: str, change: Counter[Entry]) -> str:
    """Finds the place of each entry instead of reading the day: it may be long, and a phone waits."""
    lines = noted.split("\n") if noted else []
    for entry, more in change.items():
        at = bisect_left(lines, entry, key=_entry_of)
        is_there = at < len(lines) and _entry_of(lines[at]) == entry
        times = more + (int(lines[at].split(" ", 2)[1]) if is_there else 0)
        if times < 0:
            logger.warning("a day summary did not hold what was taken from it; counted again: child %s", key[0])
            return summaries(Moment.objects.live().filter(child=key[0], local_day=key[1])).get(key, "")
        lines[at : at + is_there] = [_line(entry, times)] if times else []
    return "\n".join(lines)


def _entry_of(line: str) -> Entry:
    minute, _, shape = line.split(" ", 2)
    return int(minute), shape


def _line(entry: Entry, times: int) -> str:
    return f"{entry[0]} {times} {entry[1]}"


def _text(counts: Mapping[Entry, int]) -> str:
    return "\n".join(_line(entry, times) for entry, times in sorted(counts.items()))


def summaries(moments: Iterable[Counted]) -> dict[DayKey, str]:
    """What the summaries of these moments' days are when they are all there are."""
    return {key: _text(counts) for key, counts in _by_day(moments).items()}


def read_days(keys: Collection[DayKey]) -> dict[DayKey, str]:
    """The summaries of these days as they stand; a day that has none is absent."""
    key = key_maker()
    children = {key(child): child for child, _ in keys}
    as_day = _day_maker()
    days = {as_day(day): day for day in {day for _, day in keys}}
    column = "local_day" if connection.features.has_native_uuid_field else "local_day || ''"  # as text: no day is made
    statement = _READ.format(column, *(",".join(["%s"] * len(several)) for several in (children, days)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*children, *days])
        return {(children[child], days[day]): noted for child, day, noted in cursor.fetchall()}


def write_days(texts: Mapping[DayKey, str]) -> None:
    """These days as given; an empty one goes."""
    key, day_as = key_maker(), _day_maker()
    kept = [(key(child), day_as(day), noted) for (child, day), noted in texts.items() if noted]
    emptied = [(key(child), day_as(day)) for (child, day), noted in texts.items() if not noted]
    with connection.cursor() as cursor:  # the ORM needs five times as long for the same statement
        if kept:
            cursor.executemany(_WRITE, kept)
        if emptied:
            cursor.executemany(_EMPTY, emptied)


def _day_maker() -> Callable[[date], Any]:
    """A day as this database takes it."""
    return (lambda day: day) if connection.features.has_native_uuid_field else str
