"""Keeps what was tapped: once, however often it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.diary import bridge
from attunement_web.diary.actions.changing import change_moment
from attunement_web.diary.actions.tallying import tally
from attunement_web.diary.actions.timing import When, when
from attunement_web.diary.models import Moment, Precision, new_id
from attunement_web.families.actions import next_revision
from attunement_web.families.models import Child
from attunement_web.ledger.actions import record

CORRECTED_WITHIN = timedelta(minutes=30)  # after that, another tap on an old page is another moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A moment as it leaves a thumb: `id` is made there, so that sending it twice keeps one."""

    id: UUID
    signal: str = ""
    acts: tuple[str, ...] = ()
    outcome: str = ""
    mended: bool | None = None
    calm: int | None = None
    with_child: str = ""
    feeling: str = ""
    words: str = ""
    when: When | None = None  # None: at this moment
    noted_at: datetime | None = None  # None: now


@transaction.atomic
def keep_moments(*, child: Child, taps: Iterable[Tap], by: User) -> set[UUID]:
    """Store taps; answer with the ids now safely kept for this child. One already there is left as it is."""
    return {moment.pk for moment in _stored(child, taps, by)}


@transaction.atomic
def note_moment(*, child: Child, tap: Tap, by: User, corrects: bool = False, only_own: bool = False) -> Moment:
    """Keep one tap from a page: the same tap again makes no second moment, another signal soon after corrects the first.

    A page left open for long is no correction, unless it `corrects` on purpose; and an id that is spent (removed, of
    another child, or of another person for whom corrects `only_own`) gets a new one. So every tap is kept, and none
    takes the place of an older moment unseen.
    """
    found = next((moment for moment in _stored(child, [tap], by) if moment.removed_at is None), None)
    is_hers = found is not None and not (only_own and found.noted_by_id != by.pk)
    if found is None or not is_hers or not (corrects or _is_same(found, tap)):
        return _stored(child, [replace(tap, id=new_id())], by)[0]
    if found.signal != tap.signal:
        change_moment(moment=found, by=by, signal=tap.signal)
    return found


def _is_same(moment: Moment, tap: Tap) -> bool:
    return moment.signal == tap.signal or timezone.now() - moment.noted_at < CORRECTED_WITHIN


def _stored(child: Child, taps: Iterable[Tap], by: User) -> list[Moment]:
    now = timezone.now()
    rows = [_row(tap, child, by, now) for tap in taps]
    first = next_revision([child.family_id], count=len(rows))[child.family_id]
    for revision, row in enumerate(rows, first):
        row.revision = revision
    Moment.objects.bulk_create(rows, ignore_conflicts=True)
    there = list(Moment.objects.filter(child=child, pk__in=[row.pk for row in rows]))
    new = [moment for moment in there if moment.revision >= first]
    tally(before=(), after=new)
    if new:
        record("moments.kept", about=child, by=by, count=len(new))
    return there


def _row(tap: Tap, child: Child, by: User, now: datetime) -> Moment:
    return Moment(
        id=tap.id,
        child=child,
        noted_by=by,
        noted_at=tap.noted_at or now,
        changed_at=now,
        **(tap.when or when(Precision.NOW, noted_at=now, zone=child.zone)).fields(),
        signal=tap.signal,
        asks=bridge.asks(tap.signal),
        acts=list(tap.acts),
        outcome=tap.outcome,
        mended=tap.mended,
        calm=tap.calm,
        with_child=tap.with_child,
        feeling=tap.feeling,
        words=tap.words,
    )
