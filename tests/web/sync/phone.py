"""A phone for tests: it makes operations as the real one does, and keeps what it sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from attunement_web.accounts.models import User
from attunement_web.diary.models import Moment, new_id
from attunement_web.families.models import Child
from attunement_web.sync import actions
from attunement_web.sync.actions import Push, Reply

AT = datetime(2026, 3, 9, 18, 30, tzinfo=UTC)
WHEN = {
    "happened_at": "2026-03-09T18:30:00.000Z",
    "local_day": "2026-03-09",
    "zone": "Europe/Madrid",
    "offset_minutes": 60,
    "precision": "now",
}
NOTHING = {
    "signal": "", "acts": [], "outcome": "", "mended": None, "calm": None, "with_child": "", "feeling": "", "words": "",
}  # fmt: skip


@dataclass
class Phone:
    """Operations wait in `waiting` until `push` has an answer for them; `clock_off` is how far its clock is ahead."""

    person: User
    child: Child
    device: UUID = field(default_factory=uuid4)
    seq: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)
    clock_off: timedelta = timedelta(0)

    def note(self, *, entity: UUID | None = None, child: Child | None = None, **fields: Any) -> UUID:
        entity = entity or new_id()
        self.operation("note", entity, {**NOTHING, **WHEN, **fields}, child=child)
        return entity

    def change(self, entity: UUID, *, base: int = 0, child: Child | None = None, **fields: Any) -> None:
        self.operation("change", entity, fields, base=base, child=child)

    def remove(self, entity: UUID, *, base: int = 0) -> None:
        self.operation("remove", entity, {}, base=base)

    def restore(self, entity: UUID, *, base: int = 0) -> None:
        self.operation("restore", entity, {}, base=base)

    def operation(self, type_: str, entity: UUID, fields: Any, *, base: int = 0, child: Child | None = None) -> None:
        self.seq += 1
        self.waiting.append(
            {
                "seq": self.seq,
                "schema": 1,
                "type": type_,
                "entity": str(entity),
                "child": str((child or self.child).pk),
                "base": base,
                "at": "2026-03-09T18:30:00.000Z",
                "zone": "Europe/Madrid",
                "offset_minutes": 60,
                "fields": fields,
            }
        )

    def sends(self, operations: Sequence[Any] | None = None, **more: Any) -> Push:
        sent_at = datetime.now(UTC) + self.clock_off
        return Push(self.device, self.person.pk, sent_at, self.waiting if operations is None else operations, **more)

    def push(self) -> Reply:
        """Send what waits; what is settled waits no more."""
        reply = actions.push([self.sends()])[0]
        self.waiting = [one for one in self.waiting if one["seq"] > reply.last_seq]
        return reply

    def verdicts(self) -> list[tuple[str, str]]:
        return [(one.verdict, one.reason) for one in self.push().results]


def moment(entity: UUID) -> Moment:
    return Moment.objects.get(pk=entity)
