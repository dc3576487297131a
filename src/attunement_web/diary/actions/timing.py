"""What "a little while ago" or "another day" means: a point in time with the family's day and clock around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attunement_web.diary.models import WHEN_FIELDS, Precision

A_LITTLE_WHILE = timedelta(minutes=30)
EARLIER = timedelta(hours=3)  # where "earlier today" stands in the day when no clock time is given
NOON = time(12)


@dataclass(frozen=True, slots=True)
class When:
    """A point in time, the family's day and clock around it, and how well it is known."""

    happened_at: datetime
    local_day: date
    zone: str
    offset_minutes: int
    precision: str

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in WHEN_FIELDS}

    def value(self) -> tuple[Any, ...]:
        """As two versions of it meet: one thing."""
        return tuple(getattr(self, name) for name in WHEN_FIELDS)


def when(
    precision: str, *, noted_at: datetime, zone: ZoneInfo, day: date | None = None, clock: time | None = None
) -> When:
    """What "a little while ago" or "another day" means on this family's clock, for something noted at `noted_at`.

    A given `clock` time always wins over the rough word. Never later than `noted_at`.
    """
    noted = noted_at.astimezone(zone)
    if precision in {Precision.NOW, Precision.WHILE}:
        return _placed(noted_at - (A_LITTLE_WHILE if precision == Precision.WHILE else timedelta(0)), zone, precision)
    that_day = noted.date() if precision == Precision.TODAY or day is None else day
    if clock is not None:
        return _placed(datetime.combine(that_day, clock, zone), zone, Precision.CLOCK)
    if that_day == noted.date():
        midnight = datetime.combine(that_day, time(0), zone)
        return _placed(max(noted_at - EARLIER, midnight), zone, Precision.TODAY)
    return _placed(datetime.combine(that_day, NOON, zone), zone, Precision.DAY)


def _placed(at: datetime, zone: ZoneInfo, precision: str) -> When:
    """Through UTC and back, so that a clock time that a change of the clocks skipped lands on a real one."""
    utc = at.astimezone(ZoneInfo("UTC"))
    local = utc.astimezone(zone)
    offset = local.utcoffset() or timedelta(0)
    return When(utc, local.date(), zone.key, round(offset / timedelta(minutes=1)), precision)
