"""Whole milliseconds, spans of them, and the age of a child on a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from attunement.errors import WrongUse

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
LONGEST_MS = 48 * HOUR  # no recording we read is longer; a later time is an issue with its place

FULL_TERM_WEEKS = 40
BORN_EARLY_BELOW_WEEKS = 37  # AAP: corrected age when born more than three weeks early
CORRECTED_THROUGH_MONTHS = 24  # AAP 2024: through 24 months of calendar age

_UNITS = {"ms": 1, "s": SECOND, "sec": SECOND, "min": MINUTE, "m": MINUTE, "h": HOUR, "": SECOND}
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*\Z")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch `[start, end)` in whole milliseconds; a point event has `start == end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def parse_duration(text: str) -> int:
    """Milliseconds in "5s", "2 min", "500ms" or plain "5" (seconds). Raises WrongUse."""
    found = _DURATION.match(text.lower())
    if found is None or found[2] not in _UNITS:
        raise WrongUse(f"“{text}” is no length of time", remedy="write it like 5s, 500ms or 2min")
    return round(float(found[1]) * _UNITS[found[2]])


def show_duration(ms: int | float) -> str:
    """A length of time as people read it: "640 ms", "4.2 s", "3 min 20 s", "10 h 17 min"."""
    if ms < SECOND:
        return f"{round(ms)} ms"
    if ms < MINUTE:
        return f"{ms / SECOND:.1f} s".replace(".0 s", " s")
    if ms < HOUR:
        minutes, rest = divmod(round(ms / SECOND), 60)
        return f"{minutes} min" + (f" {rest} s" if rest else "")
    hours, rest = divmod(round(ms / MINUTE), 60)
    return f"{hours} h" + (f" {rest} min" if rest else "")


@dataclass(frozen=True, slots=True)
class Age:
    """A child's age on one day, by the calendar and, when born early, corrected.

    `days` and `months` are those of the age in use, which `uses` names; whoever shows one shows which.
    """

    on: date
    born: date
    weeks_early: int  # 0 when born at 37 weeks or later, or when not known

    @property
    def uses(self) -> Literal["calendar", "corrected"]:
        """Corrected through the day the child turns 24 months by the calendar, then by the calendar."""
        early = self.weeks_early > 0 and self.on <= months_after(self.born, CORRECTED_THROUGH_MONTHS)
        return "corrected" if early else "calendar"

    @property
    def counted_from(self) -> date:
        return self.born + timedelta(weeks=self.weeks_early if self.uses == "corrected" else 0)

    @property
    def days(self) -> int:
        """Days of the age in use; below zero before the due date of a child born early."""
        return (self.on - self.counted_from).days

    @property
    def months(self) -> int:
        """Completed calendar months of the age in use, never below zero."""
        return months_between(self.counted_from, self.on)

    @property
    def calendar_months(self) -> int:
        return months_between(self.born, self.on)

    @property
    def weeks(self) -> int:
        """Completed weeks of the age in use, never below zero: for the first three months."""
        return max(self.days, 0) // 7


def age_on(day: date, *, born: date, gestation_weeks: int | None = None) -> Age:
    """The age on `day` of a child born on `born` after `gestation_weeks` completed weeks (20 to 44, None if not known).

    Corrected age = age - (40 - gestation weeks), for children born before 37 weeks
    (American Academy of Pediatrics 2024). Raises WrongUse for a day before birth.
    """
    if day < born:
        raise WrongUse(f"{day} lies before the day of birth", remedy="check both dates")
    if gestation_weeks is not None and not 20 <= gestation_weeks <= 44:
        raise WrongUse(f"{gestation_weeks} weeks of pregnancy", remedy="give completed weeks, from 20 to 44")
    early = gestation_weeks is not None and gestation_weeks < BORN_EARLY_BELOW_WEEKS
    return Age(day, born, FULL_TERM_WEEKS - gestation_weeks if early and gestation_weeks else 0)


def months_between(first: date, last: date) -> int:
    """Completed calendar months, 0 when `last` lies before `first`."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(months - (last < months_after(first, months)), 0)


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
