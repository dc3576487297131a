"""How changes made apart from each other meet in one moment: field by field, and the losing version is kept.

Plain values, no database: a moment is a `Standing`, and whoever applies changes writes the result down at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from attunement_web.diary import bridge
from attunement_web.diary.models import WHEN_FIELDS, as_json, value_of


@dataclass(slots=True)
class Standing:
    """A moment as it stands now, column by column."""

    id: UUID
    child_id: UUID
    noted_by_id: UUID | None
    noted_at: datetime
    happened_at: datetime
    local_day: date
    zone: str
    offset_minutes: int
    precision: str
    signal: str
    asks: str
    acts: list[str]
    outcome: str
    mended: bool | None
    calm: int | None
    with_child: str
    feeling: str
    words: str
    removed_at: datetime | None
    revision: int
    field_revisions: dict[str, list[Any]]
    clock_off_minutes: int | None
    changed_at: datetime


COLUMNS = tuple(field.name for field in fields(Standing))


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changes something, on which phone (none: on a page), having seen the moment as it was at `base`; it becomes
    `revision`.
    """

    by: UUID
    device: str
    base: int
    revision: int


@dataclass(frozen=True, slots=True)
class Lost:
    """The value that no longer shows, who had set it (None: nobody knows) and at which revision."""

    moment: UUID
    field: str
    value: Any
    by: UUID | None
    revision: int


def noted(
    *,
    id: UUID,
    child: UUID,
    by: UUID,
    now: datetime,
    revision: int,
    clock_off_minutes: int | None,
    fields: Mapping[str, Any],
) -> Standing:
    """A moment as a phone noted it, arriving now."""
    at, day, zone, offset, precision = fields["when"]
    signal = fields["signal"]
    return Standing(
        id, child, by, now, at, day, zone, offset, precision, signal, bridge.asks(signal), fields["acts"],
        fields["outcome"], fields["mended"], fields["calm"], fields["with_child"], fields["feeling"], fields["words"],
        None, revision, {}, clock_off_minutes, now,
    )  # fmt: skip


def merge(moment: Standing, wanted: Mapping[str, Any], edit: Edit) -> tuple[list[str], list[Lost]]:
    """Set each field of `wanted` that differs; the names that changed, and what was lost from sight by it.

    The later arrival shows. What it displaces is kept where its writer had not seen it.
    """
    changed, lost = [], []
    for name, value in wanted.items():
        shown = value_of(moment, name)
        if shown == value:
            continue
        if is_unseen(moment, name, edit):
            revision, _, person = moment.field_revisions[name]
            lost.append(Lost(moment.id, name, as_json(name, shown), UUID(person) if person else None, revision))
        _set(moment, name, value)
        changed.append(name)
    if changed:
        mark = [edit.revision, edit.device, edit.by.hex]
        moment.field_revisions = moment.field_revisions | dict.fromkeys(changed, mark)
        moment.revision = edit.revision
    return changed, lost


def is_unseen(moment: Standing, name: str, edit: Edit) -> bool:
    """Whether somebody else, or she elsewhere, set this field after what was seen of the moment on this phone or page.

    All pages are one place to a person: what she herself set on one, and goes back to change, she has seen.
    """
    if name not in moment.field_revisions:
        return False  # as it was noted
    revision, *hand = moment.field_revisions[name]
    base = edit.base if edit.base <= moment.revision else 0  # nobody has seen what is not there yet
    return revision > base and hand != [edit.device, edit.by.hex]


def _set(moment: Standing, name: str, value: Any) -> None:
    if name == "when":
        for part, one in zip(WHEN_FIELDS, value, strict=True):
            setattr(moment, part, one)
    elif name == "child":
        moment.child_id = value
    else:
        setattr(moment, name, value)
        if name == "signal":
            moment.asks = bridge.asks(value)
