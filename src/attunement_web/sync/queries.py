"""What phones pull: the moments of a family in the order of their revisions, and who is here.

A revision is given out while its family is held, so all up to the family's own are there to be read: a page reads the
family first, and takes no moment beyond it. Whatever is committed meanwhile comes with the next page.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from attunement_web.accounts.models import User
from attunement_web.diary.actions import as_key
from attunement_web.diary.models import Moment, OtherVersion
from attunement_web.families.access import WRITERS
from attunement_web.families.models import Child, Family, Membership
from attunement_web.milestones import queries as milestones

MOST = 500  # moments in one page
MOST_IN_SNAPSHOT = 5_000  # a window with more begins later
MOST_SLICES = 100  # in one statement; SQLite takes 500
AS_THEY_ARE = (
    "zone", "offset_minutes", "precision", "signal", "acts", "outcome", "mended", "calm", "with_child", "feeling",
    "words", "clock_off_minutes",
)  # fmt: skip
_COLUMNS = ", ".join(
    ["id", "child_id", "revision", "removed_at", "noted_by_id", "noted_at", "happened_at", "local_day", *AS_THEY_ARE]
)
_AFTER = "WHERE child_id = %s AND revision > %s AND revision <= %s{} ORDER BY revision LIMIT %s"
_LATEST = (
    "WHERE child_id = %s AND local_day >= %s AND revision <= %s AND removed_at IS NULL{}"
    " ORDER BY local_day DESC, happened_at DESC LIMIT %s"
)
_OWN = " AND noted_by_id = %s"
_Moved: TypeAlias = tuple[UUID, UUID, UUID]  # a family, the child there that it moved to, and the moment


@dataclass(frozen=True, slots=True)
class Ask:
    """What one phone wants: all after the revision it has, or (`days`, with `after` 0) a fresh beginning."""

    person: UUID
    family: UUID
    after: int = 0
    limit: int = MOST
    days: int | None = None
    child: UUID | None = None  # a token's only one


@dataclass(frozen=True, slots=True)
class _Home:
    """A family as this person may read it, now."""

    epoch: str
    revision: int
    time_zone: str
    children: dict[UUID, bool]  # in which she has a part; False: only what she noted herself


def changes(
    person: UUID, family: UUID, *, after: int = 0, limit: int = MOST, days: int | None = None, child: UUID | None = None
) -> dict[str, Any]:
    """One page; raises Http404 for a family that is not this person's."""
    page = changes_of_many([Ask(person, family, after, limit, days, child)])[0]
    if page is None:
        raise Http404
    return page


def changes_of_many(asks: Sequence[Ask]) -> list[dict[str, Any] | None]:
    """A page for each; None where the family is not theirs, whether it exists or not."""
    homes = _homes({ask.person for ask in asks}, {ask.family for ask in asks})
    theirs = [(ask, homes.get((ask.person, ask.family))) for ask in asks]
    slices = [one for place, (ask, home) in enumerate(theirs) if home for one in _slices(place, ask, home)]
    rows: dict[int, list[Any]] = {}
    for begin in range(0, len(slices), MOST_SLICES):
        for moment in _read(slices[begin : begin + MOST_SLICES]):
            rows.setdefault(moment.place, []).append(moment)
    others = _others([moment.pk for found in rows.values() for moment in found])
    return [
        None if home is None else _page(ask, home, rows.get(place, []), others)
        for place, (ask, home) in enumerate(theirs)
    ]


@dataclass(frozen=True, slots=True)
class _Slice:
    """Some moments of one child, by an index and with a limit, so that a long history costs no more."""

    place: int
    where: str
    values: tuple[Any, ...]


def _slices(place: int, ask: Ask, home: _Home) -> list[_Slice]:
    children = [(one, sees_all) for one, sees_all in home.children.items() if ask.child in (None, one)]
    where, most = (_LATEST, MOST_IN_SNAPSHOT) if is_snapshot(ask) else (_AFTER, _most(ask) + 1)
    start = _start(ask, home)
    return [
        _Slice(
            place,
            where.format("" if sees_all else _OWN),
            (as_key(child), start, home.revision, *([] if sees_all else [as_key(ask.person)]), most),
        )
        for child, sees_all in children
    ]


def _start(ask: Ask, home: _Home) -> Any:
    """A day, or a revision; a cursor may be of a future that a restored backup took away."""
    if is_snapshot(ask):
        begins = Family(time_zone=home.time_zone).today() - timedelta(days=max(1, min(ask.days or 1, 366)) - 1)
        return connection.ops.adapt_datefield_value(begins)
    return ask.after if ask.after <= home.revision else 0


def is_snapshot(ask: Ask) -> bool:
    """The last days come at one go, so that nothing can move in or out of them between two pages."""
    return ask.days is not None and ask.after == 0


def _most(ask: Ask) -> int:
    return max(1, min(ask.limit, MOST))


def _read(slices: Sequence[_Slice]) -> Iterable[Any]:
    """All in one statement, which the ORM cannot say: on SQLite it allows no limit inside a union."""
    parts = [
        f"SELECT * FROM (SELECT {_COLUMNS}, %s AS place FROM diary_moment {one.where}) AS s{number}"
        for number, one in enumerate(slices)
    ]
    values = [value for one in slices for value in (one.place, *one.values)]
    return Moment.objects.raw(" UNION ALL ".join(parts), values)


def _homes(people: set[UUID], families: set[UUID]) -> dict[tuple[UUID, UUID], _Home]:
    """Rights and revisions, read before any moment."""
    mine = _parts(Q(user__in=people, child__family__in=families))
    theirs: dict[tuple[UUID, UUID], list[Membership]] = {}
    for one in mine.select_related("child__family"):
        theirs.setdefault((one.user_id, one.child.family_id), []).append(one)
    epochs = _epochs(theirs)
    return {key: _home(parts, epochs[key]) for key, parts in theirs.items()}


def _parts(whose: Q) -> QuerySet[Membership]:
    """In one order. While a record is closed nobody has a part in it."""
    return Membership.objects.filter(whose, user__is_active=True, child__closed_at=None).order_by("child_id")


def _home(parts: Sequence[Membership], epoch: str) -> _Home:
    family = parts[0].child.family
    children = {one.child_id: one.role in WRITERS for one in parts}
    return _Home(epoch, family.revision, family.time_zone, children)


def _epochs(theirs: Mapping[tuple[UUID, UUID], Sequence[Membership]]) -> dict[tuple[UUID, UUID], str]:
    """Another one when any part changes that this person has in the family's children, when a moment moved to a child
    she has no part in, or when the family was restored: then a phone reads afresh, and keeps nothing from before.
    """
    families = {family for _, family in theirs}
    there = Counter(Child.objects.filter(family__in=families).values_list("family_id", flat=True))
    split = {family for (_, family), parts in theirs.items() if len(parts) < there[family]}
    moved = _moved_to(split) if split else []
    return {key: _epoch(parts, moved) for key, parts in theirs.items()}


def _epoch(parts: Sequence[Membership], moved: Iterable[_Moved]) -> str:
    family, mine = parts[0].child.family, {one.child_id for one in parts}
    told = " ".join(f"{one.pk} {one.role}" for one in parts)
    away = " ".join(str(moment) for home, child, moment in moved if home == family.pk and child not in mine)
    return hashlib.sha256(f"{told} {away} {family.history}".encode()).hexdigest()[:16]


def _moved_to(families: set[UUID]) -> list[_Moved]:
    """The moments once noted for a brother or sister, each and not how many: one comes back while another goes. No index
    finds them, so it is asked only where somebody has a part in some of a family's children and not in all.
    """
    moved = Moment.objects.filter(child__family__in=families, field_revisions__has_key="child").order_by("pk")
    return [*moved.values_list("child__family_id", "child_id", "pk")]


def _others(moments: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    if moments:
        rows = OtherVersion.objects.filter(moment__in=moments, decided_at=None).order_by("revision", "pk")
        for moment, field, value in rows.values_list("moment_id", "field", "value"):
            found.setdefault(moment, []).append({"field": field, "value": value})
    return found


def _page(ask: Ask, home: _Home, rows: list[Any], others: dict[UUID, list[dict[str, Any]]]) -> dict[str, Any]:
    most = MOST_IN_SNAPSHOT if is_snapshot(ask) else _most(ask)
    if is_snapshot(ask):  # of several children: what is too much is what happened first
        rows = sorted(rows, key=lambda moment: (moment.local_day, moment.happened_at))[-most:]
    rows.sort(key=lambda moment: moment.revision)
    more, shown = len(rows) > most, rows[:most]
    cursor = shown[-1].revision if more else home.revision
    moments = [_told(moment, others.get(moment.pk, [])) for moment in shown]
    return {"epoch": home.epoch, "cursor": cursor, "more": more, "moments": moments}


def _told(moment: Any, others: list[dict[str, Any]]) -> dict[str, Any]:
    """A moment as phones get it; of a removed one nothing but that it is."""
    removed = moment.removed_at is not None
    told = {"id": str(moment.pk), "child": str(moment.child_id), "revision": moment.revision, "removed": removed}
    if removed:
        return told
    told |= {
        "noted_by": str(moment.noted_by_id) if moment.noted_by_id else None,
        "at": moment.noted_at.isoformat(),
        "happened_at": moment.happened_at.isoformat(),
        "local_day": moment.local_day.isoformat(),
    }
    return told | {name: getattr(moment, name) for name in AS_THEY_ARE} | {"others": others}


def me(person: UUID, *, child: UUID | None = None) -> dict[str, Any]:
    """Who is here, with whom: families with their epochs, children with this person's role."""
    who = User.objects.only("pk", "name").get(pk=person)
    of: dict[UUID, list[Membership]] = {}
    for one in _parts(Q(user=person)).select_related("child__family"):
        of.setdefault(one.child.family_id, []).append(one)
    epochs = _epochs({(person, family): mine for family, mine in of.items()})
    told = milestones.marks([one.child_id for mine in of.values() for one in mine if one.role in WRITERS])
    families = [
        {
            "id": str(family),
            "epoch": epochs[person, family],
            "children": [_child(one, told) for one in _eldest_first(mine) if child in (None, one.child_id)],
        }
        for family, mine in sorted(of.items(), key=lambda each: min(one.since for one in each[1]))
        if child is None or child in {one.child_id for one in mine}
    ]
    return {"person": {"id": str(who.pk), "name": who.name}, "families": families}


def _eldest_first(parts: Iterable[Membership]) -> list[Membership]:
    return sorted(parts, key=lambda one: (one.child.born, one.child.name, one.child_id))


def _child(part: Membership, told: Mapping[UUID, str]) -> dict[str, Any]:
    child = part.child
    return {
        "id": str(child.pk),
        "name": child.name,
        "shape": child.shape,
        "born": child.born.isoformat(),
        "zone": child.family.time_zone,
        "role": part.role,
        "told": told.get(child.pk, ""),
    }
