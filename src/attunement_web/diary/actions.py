"""What changes about moments: keeping, changing, removing and bringing back. The ledger gets ids and field names only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.diary import bridge
from attunement_web.diary.models import Moment, Precision, new_id
from attunement_web.families.models import Child
from attunement_web.ledger.actions import record

BACK_WITHIN = timedelta(days=30)  # how long a removed moment can come back; after that its content is gone
CORRECTED_WITHIN = timedelta(minutes=30)  # after that, another tap on an old page is another moment
A_LITTLE_WHILE = timedelta(minutes=30)
EARLIER = timedelta(hours=3)  # where "earlier today" stands in the day when no clock time is given
NOON = time(12)

CHANGEABLE = frozenset({"signal", "acts", "outcome", "mended", "calm", "with_child", "feeling", "words"})
_WHEN = frozenset({"happened_at", "local_day", "zone", "offset_minutes", "precision"})


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


@dataclass(frozen=True, slots=True)
class When:
    """A point in time, the family's day and clock around it, and how well it is known."""

    happened_at: datetime
    local_day: date
    zone: str
    offset_minutes: int
    precision: str

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _WHEN}


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


@transaction.atomic
def keep_moments(*, child: Child, taps: Iterable[Tap], by: User) -> set[UUID]:
    """Store taps; answer with the ids now safely kept for this child. One already there is left as it is."""
    return {moment.pk for moment in _stored(child, taps, by)}


@transaction.atomic
def note_moment(*, child: Child, tap: Tap, by: User, corrects: bool = False) -> Moment:
    """Keep one tap from a page: the same tap again makes no second moment, another signal soon after corrects the first.

    A page left open for long is no correction, unless it `corrects` on purpose; and an id that is spent (removed, or of
    another child) gets a new one. So every tap is kept, and none takes the place of an older moment unseen.
    """
    found = next((moment for moment in _stored(child, [tap], by) if moment.removed_at is None), None)
    if found is None or not (corrects or _is_same(found, tap)):
        return _stored(child, [replace(tap, id=new_id())], by)[0]
    if found.signal != tap.signal:
        change_moment(moment=found, by=by, signal=tap.signal)
    return found


def _is_same(moment: Moment, tap: Tap) -> bool:
    return moment.signal == tap.signal or timezone.now() - moment.noted_at < CORRECTED_WITHIN


def _stored(child: Child, taps: Iterable[Tap], by: User) -> list[Moment]:
    now = timezone.now()
    rows = [_row(tap, child, by, now) for tap in taps]
    Moment.objects.bulk_create(rows, ignore_conflicts=True)
    there = list(Moment.objects.filter(child=child, pk__in=[row.pk for row in rows]))
    new = [moment for moment in there if moment.noted_at == now]
    if new:
        record("moments.kept", about=child, by=by, count=len(new))
    return there


def _row(tap: Tap, child: Child, by: User, now: datetime) -> Moment:
    return Moment(
        id=tap.id,
        child=child,
        noted_by=by,
        noted_at=now,
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


@transaction.atomic
def change_moment(*, moment: Moment, by: User, when: When | None = None, **fields: Any) -> None:
    """Set only the fields given, so that two people who change different things both keep theirs."""
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"a moment has no {sorted(unknown)[0]} to change")
    wanted = fields | (when.fields() if when else {})
    changed = {name: value for name, value in wanted.items() if getattr(moment, name) != value}
    if not changed:
        return
    if "signal" in changed:
        changed["asks"] = bridge.asks(changed["signal"])
    _set(moment, **changed)
    record("moment.changed", about=moment, by=by, fields=_named(changed))


def _named(changed: dict[str, Any]) -> str:
    names = {"when" if name in _WHEN else name for name in changed} - {"asks"}
    return ".".join(sorted(names))[:64]


@transaction.atomic
def move_moment(*, moment: Moment, to: Child, by: User) -> None:
    """It was about a brother or sister."""
    if to.pk == moment.child_id:
        return
    record("moment.moved", about=moment, by=by, from_child=moment.child_id, to_child=to.pk)
    _set(moment, child=to)


@transaction.atomic
def remove_moment(*, moment: Moment, by: User) -> None:
    """Out of sight at once, back with one tap for 30 days."""
    now = timezone.now()
    forget_removed(now=now)
    if moment.removed_at is None:
        _set(moment, removed_at=now)
        record("moment.removed", about=moment, by=by, child=moment.child_id)


@transaction.atomic
def bring_back_moment(*, moment: Moment, by: User) -> bool:
    """Whether it is there again; after 30 days it is gone."""
    if moment.removed_at is None:
        return True
    if moment.removed_at < timezone.now() - BACK_WITHIN:
        return False
    _set(moment, removed_at=None)
    record("moment.brought_back", about=moment, by=by, child=moment.child_id)
    return True


def forget_removed(*, now: datetime) -> int:
    """Empty what was removed long ago; the row stays as a tombstone, so that no phone sends it again."""
    old = Moment.objects.filter(removed_at__lt=now - BACK_WITHIN).exclude(
        signal="", words="", with_child="", feeling="", acts=[]
    )
    return old.update(
        signal="",
        asks=bridge.asks(""),
        acts=[],
        outcome="",
        mended=None,
        calm=None,
        with_child="",
        feeling="",
        words="",
    )


def _set(moment: Moment, **fields: Any) -> None:
    Moment.objects.filter(pk=moment.pk).update(**fields, revision=F("revision") + 1, changed_at=timezone.now())
    for name, value in fields.items():
        setattr(moment, name, value)
