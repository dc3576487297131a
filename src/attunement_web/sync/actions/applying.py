"""What an operation does to the moments of its child, on plain values that were read in this transaction. Pure.

A `Desk` holds all moments that a group of pushes touches; at the end it is written down at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from attunement_web.diary import actions as diary
from attunement_web.families.access import Right
from attunement_web.sync.actions.deciding import ALREADY, KEPT, MERGED, REFUSED
from attunement_web.sync.actions.reading import Asked
from attunement_web.sync.actions.values import Push, Result

NOTED = "noted"
CLOCK_MAY_BE_OFF = timedelta(minutes=5)
NOTABLE_MINUTES = 10**9  # what the column holds; a clock farther off is as far as this


@dataclass(slots=True)
class Desk:
    """`moments` with their families; `rights` by person and child; `revisions` last given out by each family."""

    now: datetime
    rights: Mapping[tuple[UUID, UUID], Right]
    revisions: dict[UUID, int]
    moments: dict[UUID, tuple[diary.Standing, UUID]]
    before: dict[UUID, diary.Standing] = field(default_factory=dict)
    new: dict[UUID, diary.Standing] = field(default_factory=dict)
    lost: list[diary.Lost] = field(default_factory=list)
    happened: Counter[tuple[UUID, UUID, str]] = field(default_factory=Counter)  # person, child, what was done
    foreign: list[tuple[Push, UUID]] = field(default_factory=list)  # who asked for a moment of others

    @property
    def changed(self) -> list[diary.Standing]:
        return [self.moments[one][0] for one in self.before]

    def next_revision(self, family: UUID) -> int:
        self.revisions[family] += 1
        return self.revisions[family]

    def hand(self, push: Push) -> Callable[[Asked], Result]:
        """What applies the operations of one push."""
        clock_off = minutes_off(push.sent_at, self.now)
        return lambda asked: self._apply(asked, push, clock_off)

    def _apply(self, asked: Asked, push: Push, clock_off: int | None) -> Result:
        right = right_to(self.rights, push, asked.child)
        if right is None:
            return _refused("not-found")
        moment, family = self.moments.get(asked.entity, (None, right.family))
        if moment is not None and moment.child_id != asked.child:  # it was moved, or it never was this child's
            there = right_to(self.rights, push, moment.child_id)
            if not is_at_home(there, right.family):
                self.foreign.append((push, asked.entity))
                return _refused("not-found")
            right = there or right
        if moment is None:
            return self._note(asked, push, family, clock_off) if asked.type == "note" else _refused("not-found")
        if not right.may_write and moment.noted_by_id != push.person:
            return _refused("not-yours")
        if asked.type == "note":
            return _already(moment)
        if moment.removed_at is not None and moment.removed_at < self.now - diary.BACK_WITHIN:
            return _refused("gone")
        if asked.type == "change":
            return self._change(moment, asked, push, family, clock_off)
        return self._show_or_hide(moment, asked.type == "remove", push, family)

    def _note(self, asked: Asked, push: Push, family: UUID, clock_off: int | None) -> Result:
        moment = diary.noted(
            id=asked.entity,
            child=asked.child,
            by=push.person,
            now=self.now,
            revision=self.next_revision(family),
            clock_off_minutes=clock_off,
            fields=asked.fields,
        )
        self.new[moment.id] = moment
        self.moments[moment.id] = (moment, family)
        self.happened[push.person, asked.child, NOTED] += 1
        return Result(None, KEPT, "", moment.revision)

    def _change(self, moment: diary.Standing, asked: Asked, push: Push, family: UUID, clock_off: int | None) -> Result:
        to = asked.fields.get("child")
        if to is not None and not _may_move(right_to(self.rights, push, to), moment, push.person, family):
            return _refused("not-found")
        was, came_from = copy(moment), moment.child_id
        edit = diary.Edit(push.person, push.device.hex, asked.base, self.revisions[family] + 1)
        changed, lost = diary.merge(moment, asked.fields, edit)
        if not changed:
            return Result(None, KEPT, "", moment.revision)
        self._touched(was, moment, family)
        self.lost += lost
        if "when" in changed:
            moment.clock_off_minutes = clock_off
        self.happened[push.person, came_from, "moved" if "child" in changed else "changed"] += 1
        return Result(None, MERGED if lost else KEPT, "", moment.revision)

    def _show_or_hide(self, moment: diary.Standing, is_gone: bool, push: Push, family: UUID) -> Result:
        if (moment.removed_at is not None) != is_gone:
            was = copy(moment)
            moment.removed_at = self.now if is_gone else None
            self._touched(was, moment, family)
            self.happened[push.person, moment.child_id, "removed" if is_gone else "brought_back"] += 1
        return Result(None, KEPT, "", moment.revision)

    def _touched(self, was: diary.Standing, moment: diary.Standing, family: UUID) -> None:
        moment.revision = self.next_revision(family)
        moment.changed_at = self.now
        if moment.id not in self.new:
            self.before.setdefault(moment.id, was)


def right_to(rights: Mapping[tuple[UUID, UUID], Right], push: Push, child: UUID) -> Right | None:
    """What this person may do about this child; a token knows no other child than its own."""
    return rights.get((push.person, child)) if push.child in (None, child) else None


def is_at_home(there: Right | None, family: UUID) -> bool:
    """A moment is met only by a part in its child, from inside its family: knowing its id opens nothing."""
    return there is not None and there.family == family


def minutes_off(sent_at: datetime, now: datetime) -> int | None:
    """How far a phone's clock is ahead of ours, where that is far enough to ask about the day."""
    off = sent_at - now
    if abs(off) <= CLOCK_MAY_BE_OFF:
        return None
    return max(-NOTABLE_MINUTES, min(NOTABLE_MINUTES, round(off / timedelta(minutes=1))))


def _may_move(right: Right | None, moment: diary.Standing, person: UUID, family: UUID) -> bool:
    is_hers = moment.noted_by_id == person
    return right is not None and right.family == family and (right.may_write or is_hers)


def _already(moment: diary.Standing) -> Result:
    return Result(None, ALREADY, "", moment.revision)


def _refused(reason: str) -> Result:
    return Result(None, REFUSED, reason)
