"""Chooses moments for pages: the timeline, this week, an earlier one; every read is bounded by an index and a limit.

What is counted or drawn comes from the days' summaries, a row a day; what is read as text comes from the moments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import groupby
from operator import attrgetter, or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from attunement_web.accounts.models import User
from attunement_web.diary import bridge
from attunement_web.diary.models import Asks, DaySummary, Moment, MomentQuerySet, OtherVersion, as_json, value_of
from attunement_web.families.models import Child

PAGE = 40  # moments on one page of the timeline
HABIT_DAYS = 60  # the latest days with notes say what this family notes often
RECENT = 200  # and the latest notes, who is often there
PEOPLE = 6  # names offered as "who was there"
A_WEEK = timedelta(days=6)  # today and the six days before
PICTURE_WEEKS = 12
AN_AGE_AGO = timedelta(days=14)  # an earlier moment is at least this old
EARLIER_READ = 60  # and one of the latest so many before that
EARLIER_COLUMNS = (
    "local_day",
    "signal",
    "asks",
    "acts",
    "outcome",
    "mended",
    "words",
)  # what choosing and showing it take


@dataclass(frozen=True, slots=True)
class Day:
    """One of the family's days: its moments with their dots, newest first."""

    day: date
    moments: list[tuple[Moment, str]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of days, and the moment after which the next page begins (None: this is all)."""

    days: list[Day]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class TopicShown:
    """One insight, with the band to draw where there is one."""

    insight: bridge.Insight
    band: bridge.Band | None
    is_by_ending: bool


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A field with more than one version: the value that shows, and the others."""

    field: str
    shown: Any
    others: list[OtherVersion]


def timeline(child: Child, *, asks: str = "", after: UUID | None = None, by: User | None = None) -> Timeline:
    """Newest first, from the moment `after` on; `asks` leaves only signals that ask for this, `by` only her moments."""
    open_ones = OtherVersion.objects.filter(moment=OuterRef("pk"), decided_at=None)
    rows = _of(child).select_related("noted_by").newest_first().annotate(has_others=Exists(open_ones))
    if asks:
        rows = rows.filter(asks=asks)
    if by is not None:
        rows = rows.filter(noted_by=by)
    if after is not None:
        rows = rows.filter(_older_than(child, after))
    found: list[Moment] = [*rows[: PAGE + 1]]
    shown = _whole_days(found[:PAGE]) if len(found) > PAGE else found
    return Timeline(_by_day(shown), shown[-1].pk if len(found) > len(shown) else None)


def other_versions(moment: Moment, children: Iterable[Child]) -> list[OpenQuestion]:
    """What was set twice, apart from each other, and nobody has decided yet, field by field."""
    names = {str(child.pk): child.name for child in children}
    waiting = moment.others.filter(decided_at=None).select_related("by").order_by("field", "revision", "pk")
    found = []
    for field, several in groupby(waiting, key=attrgetter("field")):
        versions, shown = list(several), as_json(field, value_of(moment, field))
        if field == "child":
            shown = names.get(str(shown), "")
            for version in versions:
                version.value = names.get(str(version.value), "")
        found.append(OpenQuestion(field, shown, versions))
    return found


def taken_away(child: Child, since: datetime, *, by: User | None = None) -> list[Moment]:
    """What was removed since then and can still come back, latest first; `by`: of what she noted."""
    gone = Moment.objects.filter(child=child, removed_at__gte=since).select_related("noted_by")
    if by is not None:
        gone = gone.filter(noted_by=by)
    return list(gone.order_by("-removed_at")[:PAGE])


def _older_than(child: Child, moment_id: UUID) -> Q:
    last = Moment.objects.filter(child=child, pk=moment_id).values_list("local_day", "happened_at").first()
    if last is None:
        return Q()
    day, at = last
    same_day = Q(happened_at__lt=at) | Q(happened_at=at, pk__lt=moment_id)
    return Q(local_day__lte=day) & (Q(local_day__lt=day) | same_day)


def _whole_days(found: list[Moment]) -> list[Moment]:
    """Without the last, half-read day, unless it is the only one."""
    last = found[-1].local_day
    return [moment for moment in found if moment.local_day != last] or found


def _by_day(shown: Sequence[Moment]) -> list[Day]:
    dots = bridge.dots(shown[::-1])[::-1]
    drawn = zip(shown, map(str, dots), strict=True)
    return [Day(day, list(pairs)) for day, pairs in groupby(drawn, key=lambda pair: pair[0].local_day)]


def habits_of(child: Child, *, by: User | None = None) -> bridge.Diary:
    """What this family noted on the latest days that have notes. To `by`, who sees only her own, it shows no habits."""
    if by is not None:
        return bridge.diary_of_days([])
    return bridge.diary_of_days(list(_days_of(child).order_by("-local_day")[:HABIT_DAYS])[::-1])


def people_named(child: Child, *, by: User | None = None) -> list[str]:
    """The last few people who were with the child, as they were written (`by`: as she wrote)."""
    rows = _of(child) if by is None else _of(child).filter(noted_by=by)
    recent = rows.newest_first().values_list("with_child", flat=True)[:RECENT]
    return list(dict.fromkeys(filter(None, recent)))[:PEOPLE]


def diary_since(child: Child, first: date) -> bridge.Diary:
    """What was noted from `first` on as the library's columns, in the order in which it happened."""
    return bridge.diary_of_days(list(_days_of(child).filter(local_day__gte=first).order_by("local_day")))


def week_of(noted: bridge.Diary, today: date) -> bridge.Week:
    """What may be said of the last seven days of what was noted, with their dots."""
    return bridge.week(noted, today - A_WEEK, date.max)


def picture_of(child: Child, today: date) -> list[TopicShown]:
    """What the notes of the last twelve weeks add up to."""
    noted = diary_since(child, today - timedelta(weeks=PICTURE_WEEKS))
    return [TopicShown(one, bridge.band(one), bridge.is_by_ending(one)) for one in bridge.picture(noted)]


def an_earlier_moment(child: Child, today: date) -> Moment | None:
    """A warm one from at least two weeks ago, another one each day; None when there is none yet."""
    old = _of(child).filter(local_day__lte=today - AN_AGE_AGO).newest_first().only(*EARLIER_COLUMNS)
    warm = [moment for moment in old[:EARLIER_READ] if _is_warm(moment)]
    return warm[today.toordinal() % len(warm)] if warm else None


def _is_warm(moment: Moment) -> bool:
    if moment.mended or moment.asks == Asks.GOOD:
        return bool(moment.mended or moment.words)
    return bridge.ended_well(moment.outcome)


def moments_showing(child: Child, codes: Iterable[str]) -> dict[str, Moment]:
    """The first moment noted with each of these signals; a code never noted is absent.

    One before the birth, by a clock or a birthday that was wrong, is passed over: at no age it shows anything.
    """
    first, lived = Q(pk__in=[]), _of(child).filter(local_day__gte=child.born)
    for code in codes:
        oldest = lived.filter(signal=code).order_by("local_day", "happened_at").values("pk")[:1]
        first |= Q(pk=Subquery(oldest))
    return {moment.signal: moment for moment in _of(child).filter(first)}


def latest_with(child: Child, codes: Iterable[str], *, most: int, also: UUID | None = None) -> list[Moment]:
    """The latest moments noted with any of these signals, newest first, and `also`, however old."""
    latest = [Q(pk__in=Subquery(_of(child).filter(signal=code).newest_first().values("pk")[:most])) for code in codes]
    found = list(_of(child).filter(reduce(or_, latest, Q(pk=also))).newest_first())
    return [moment for place, moment in enumerate(found) if place < most or moment.pk == also]


def _of(child: Child) -> MomentQuerySet:
    return Moment.objects.filter(child=child).live()


def _days_of(child: Child) -> QuerySet[DaySummary, tuple[date, str]]:
    return DaySummary.objects.filter(child=child).values_list("local_day", "noted")
