"""Proves that the days' summaries equal the moments, and builds anew those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import transaction

from attunement_web.diary.actions.tallying import COUNTED, DayKey, summaries, write_days
from attunement_web.diary.models import DaySummary, Moment
from attunement_web.families.actions import hold_families
from attunement_web.families.models import Child, Family

READ = ("child_id", "local_day", "happened_at", "removed_at", *COUNTED)
ROWS = 2_000  # read from the database at a time


def summaries_that_differ() -> int:
    """How many days' summaries are not what their moments add up to; nothing is changed."""
    return sum(_looked_at(child, family) for child, family in _children())


@transaction.atomic
def _looked_at(child: UUID, family: UUID) -> int:
    hold_families([family])  # else a moment noted between the two reads would look like a difference
    return len(_differing(child))


@transaction.atomic
def rebuild_summaries(*, of_family: UUID | None = None) -> int:
    """Set those right that differ, of all families or of one, and answer how many; nobody writes moments meanwhile."""
    hold_families([of_family] if of_family else Family.objects.values_list("pk", flat=True))
    return sum(_mended(child) for child, family in _children() if of_family in (None, family))


def _children() -> list[tuple[UUID, UUID]]:
    return list(Child.objects.order_by("pk").values_list("pk", "family_id"))


def _mended(child: UUID) -> int:
    wrong = _differing(child)
    if wrong:
        write_days(wrong)
    return len(wrong)


def _differing(child: UUID) -> dict[DayKey, str]:
    """What the summaries of this child's days hold when they are right, for those that are not; empty: no row."""
    there = {(child, day): noted for day, noted in _stored(child)}
    wrong = {}
    for key, noted in _right(child):
        if there.pop(key, None) != noted:
            wrong[key] = noted
    return wrong | dict.fromkeys(there, "")


def _stored(child: UUID) -> Iterator[tuple[date, str]]:
    return DaySummary.objects.filter(child=child).values_list("local_day", "noted").iterator(ROWS)


def _right(child: UUID) -> Iterator[tuple[DayKey, str]]:
    live = Moment.objects.live().filter(child=child).order_by("local_day").values_list(*READ, named=True)
    for _, moments in groupby(live.iterator(ROWS), key=attrgetter("local_day")):
        yield from summaries(moments).items()
