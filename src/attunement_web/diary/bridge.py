"""All that the diary asks of the library: which codes to offer, how a moment reads, what the notes add up to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate, chain, repeat
from typing import Any, Protocol

import numpy as np
from django.utils.translation import gettext

from attunement.clock import age_on
from attunement.constants import numbers
from attunement.events import NONE, Diary
from attunement.insights import (
    Dot,
    Insight,
    Week,
    acts_noted,
    adds_up,
    fitting_acts,
    likely_outcomes,
    this_week,
    usual_signals,
)
from attunement.moments.noted import Answer, Topic, between, read_noted
from attunement.schemes import Code, Scheme, scheme
from attunement_web.diary.models import Asks
from attunement_web.families.models import Child

__all__ = ["Diary", "Insight", "Week"]  # what queries name in their signatures

EPOCH = date(1970, 1, 1).toordinal()
ACTS_AT_ONCE = 7  # with "later" beside them, eight tiles
MOST_DOTS = 60  # drawn for one topic; the page says how many more there are
BAND_UNITS = 300  # from none to all
COULD_NOT, LATE = "no-response", "late-response"  # as easy to reach as any answer
DAYS_REMEMBERED = 2_000  # read once each; the days of some twenty families
SHAPES_REMEMBERED = 4_000
MENDABLE = {Answer.MISSED, Answer.MISREAD, Answer.LATE}


class Row(Protocol):
    """What of a moment becomes columns; a model row and a named tuple of its values both have it."""

    local_day: Any
    signal: Any
    acts: Any
    outcome: Any
    mended: Any
    calm: Any


@dataclass(frozen=True, slots=True)
class Choices:
    """What one tap offers, and the rest in groups, each named by what it asks for or serves."""

    first: list[Code]
    rest: dict[str, list[Code]]


@cache
def codes() -> Scheme:
    return scheme("attunement")


@cache
def known(*kinds: str) -> frozenset[str]:
    """The ids of all codes of these kinds: signal, act, miss, outcome."""
    return frozenset(code.id for code in codes().codes if code.kind in kinds)


def code(code_id: str) -> Code | None:
    """None for no code, and for one that a later scheme may have dropped."""
    return codes()[code_id] if code_id in codes().at else None


def wording(code_id: str) -> str:
    """What a caregiver calls it; a code we no longer know stands as it is."""
    if code_id == COULD_NOT:
        return gettext("I couldn’t just then")  # as light to say as any answer
    found = code(code_id)
    return found.wording if found else code_id


def group_of(found: Code) -> str:
    """The heading under which a choice stands: what it asks for or serves, or that it went another way."""
    return "missed" if found.kind == "miss" else str(found.function or Asks.ANY)


def asks(signal: str) -> str:
    """What a signal asks for, as the timeline's filter names it; empty is a good moment."""
    return str(codes()[signal].function or Asks.ANY) if signal else str(Asks.GOOD)


def is_upset(signal: str) -> bool:
    found = code(signal)
    return found is not None and found.upset


def months_old(child: Child, on: date) -> int:
    """Completed months of the age in use (corrected when born early); 0 for a day before birth."""
    return age_on(max(on, child.born), born=child.born, gestation_weeks=child.gestation_weeks).months


def signal_choices(child: Child, on: date, habits: Diary) -> Choices:
    """About eight that fit the age and this family's habits; the rest by what they ask for."""
    found = usual_signals(habits, months_old(child, on), codes())
    return _choices(found.first, found.more)


def act_choices(signal: str, child: Child, on: date, habits: Diary | None = None) -> Choices:
    """Fitting acts first, "I couldn't just then" and "later" among them; the rest by what they serve."""
    often = acts_noted(habits, codes(), after=signal or None) if habits else {}
    found = fitting_acts(signal or None, months_old(child, on), codes(), often, n=ACTS_AT_ONCE)
    late = [LATE] if signal else []
    return _choices([*found.first, *late], [more for more in found.more if more not in late])


def outcome_choices(signal: str, child: Child, on: date) -> Choices:
    """Endings that make sense first."""
    found = likely_outcomes(signal or None, months_old(child, on), codes())
    return _choices(found.first, found.more)


def _choices(first: Iterable[str], more: Iterable[str]) -> Choices:
    rest: dict[str, list[Code]] = {}
    for found in map(codes().__getitem__, more):
        rest.setdefault(group_of(found), []).append(found)
    return Choices([codes()[code_id] for code_id in first], rest)


def diary(rows: Sequence[Row]) -> Diary:
    """Rows as columns, in the given order."""
    at = codes().at
    acts = [(row, at[act]) for row, moment in enumerate(rows) for act in moment.acts if act in at]
    return Diary(
        day=_column(row.local_day.toordinal() - EPOCH for row in rows),
        signal=_column(at.get(row.signal, NONE) for row in rows),
        outcome=_column(at.get(row.outcome, NONE) for row in rows),
        mended=_column(NONE if row.mended is None else row.mended for row in rows),
        calm=_column(NONE if row.calm is None else row.calm for row in rows),
        act_row=_column(row for row, _ in acts),
        act_code=_column(act for _, act in acts),
        codes=codes().ids,
    )


def _column(values: Iterable[int]) -> Any:
    return np.fromiter(values, np.int32)


def diary_of_days(days: Sequence[tuple[date, str]]) -> Diary:
    """Summaries, each a day and its `DaySummary.noted`, as columns: in the order in which it happened."""
    parts = [_columns(noted) for _, noted in days]
    sizes = [len(part.four) for part in parts]
    begins = list(accumulate(sizes, initial=0))[:-1]
    signal, outcome, mended, calm = np.concatenate([np.empty((0, 4), np.int32), *(part.four for part in parts)]).T
    return Diary(
        day=np.repeat(_column(day.toordinal() - EPOCH for day, _ in days), sizes),
        signal=signal,
        outcome=outcome,
        mended=mended,
        calm=calm,
        act_row=_joined([part.act_row + np.int32(begin) for part, begin in zip(parts, begins, strict=True)]),
        act_code=_joined([part.act_code for part in parts]),
        codes=codes().ids,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """One day: `four` is (n, 4), signal, outcome, mended and calm of each moment."""

    four: Any
    act_row: Any
    act_code: Any


@lru_cache(maxsize=DAYS_REMEMBERED)
def _columns(noted: str) -> _Columns:
    counted = (line.split(" ", 2)[1:] for line in noted.split("\n"))
    moments = list(chain.from_iterable(repeat(_shape(shape), int(times)) for times, shape in counted))
    acts = [(row, act) for row, moment in enumerate(moments) for act in moment[4]]
    return _Columns(
        np.array([moment[:4] for moment in moments], np.int32),
        _column(row for row, _ in acts),
        _column(act for _, act in acts),
    )


@lru_cache(maxsize=SHAPES_REMEMBERED)
def _shape(shape: str) -> tuple[int, int, int, int, tuple[int, ...]]:
    signal, acts, outcome, mended, calm = json.loads(shape)
    at = codes().at
    return (
        at.get(signal, NONE),
        at.get(outcome, NONE),
        NONE if mended is None else int(mended),
        NONE if calm is None else calm,
        tuple(at[act] for act in acts if act in at),
    )


def _joined(parts: Sequence[Any]) -> Any:
    return np.concatenate([np.empty(0, np.int32), *parts])


def picture(noted: Diary) -> tuple[Insight, ...]:
    """What the notes add up to, topic by topic."""
    return adds_up(noted, codes(), audience="caregiver", most_dots=MOST_DOTS)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch to draw, and the wide good-enough one behind it where there is one, in units of `BAND_UNITS`."""

    x: int
    width: int
    good_x: int = 0
    good_width: int = 0


def band(insight: Insight) -> Band | None:
    """Only upset moments have a good-enough stretch behind them."""
    if insight.band is None:
        return None
    x, width = _units(*insight.band)
    good = _units(*numbers("good_enough_band")) if insight.topic is Topic.UPSET else (0, 0)
    return Band(x, width, *good)


def _units(low: float, high: float) -> tuple[int, int]:
    x = round(low * BAND_UNITS)
    return x, round(high * BAND_UNITS) - x


def is_by_ending(insight: Insight) -> bool:
    """Upset moments are drawn by how they ended, all others by how they were answered."""
    return insight.topic is Topic.UPSET


def week(noted: Diary, first: date, last: date) -> Week:
    """What may be said of these few days."""
    days = between(noted, first.toordinal() - EPOCH, last.toordinal() - EPOCH)
    return this_week(days, codes(), most_dots=MOST_DOTS)


def dots(rows: Sequence[Row]) -> tuple[Dot, ...]:
    """How each moment is drawn; rows come oldest day first."""
    return this_week(diary(rows), codes()).dots


def needs_mending(moment: Row) -> bool:
    """Whether to ask if the two found each other again: after a miss, a misread or a late answer."""
    return Answer(int(read_noted(diary([moment]), codes()).answer[0])) in MENDABLE


def may_have_calmed(moment: Row) -> bool:
    """Whether to ask how long it took until calm: after an upset that did not end with the child still upset."""
    return is_upset(moment.signal) and moment.outcome not in codes().endings.unresolved


def ended_well(outcome: str) -> bool:
    return outcome in codes().endings.good
