"""What the phone's answers may hold, field by field.

They are built as dictionaries and sent as they are, since a schema in the way takes longer than all the rest of the answer;
tests hold real answers to these, and a field that is not named here breaks them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class Closed(Schema):
    """These fields and no others."""

    model_config = ConfigDict(extra="forbid")


class OtherVersion(Closed):
    """What another phone had set the same field to; the family decides."""

    field: str
    value: Any


class Change(Closed):
    """A moment as a phone keeps it; one taken away says no more than its first four fields."""

    id: UUID
    child: UUID
    revision: int
    removed: bool
    noted_by: UUID | None = None
    at: datetime | None = None
    happened_at: datetime | None = None
    local_day: date | None = None
    zone: str = ""
    offset_minutes: int | None = None
    precision: str = ""
    signal: str = ""
    acts: list[str] = []
    outcome: str = ""
    mended: bool | None = None
    calm: int | None = None
    with_child: str = ""
    feeling: str = ""
    words: str = ""
    clock_off_minutes: int | None = None
    others: list[OtherVersion] = []


class TheirChanges(Closed):
    """What changed after a cursor. When `epoch` differs from the one before, what was read so far counts no more."""

    epoch: str
    cursor: int
    more: bool
    moments: list[Change]


class ToldMilestone(Closed):
    says: str
    stage: str
    seen_on: str


class MilestonePart(Closed):
    title: str
    text: str
    lines: list[ToldMilestone]


class Milestones(Closed):
    """Of the age the child grows towards, with what the family told."""

    months: int
    parts: list[MilestonePart]


class Kit(Closed):
    """All that noting takes with no network. `codes`, `reading`, `ideas`, `ask` and `urgent` are ours, not the family's."""

    version: int = Field(alias="schema")
    child: UUID
    name: str
    shape: str
    born: date
    zone: str
    made_on: date
    codes: dict[str, list[str]]
    offered: dict[str, Any]
    reading: dict[str, Any]
    people: list[str]
    members: dict[UUID, str]
    milestones: Milestones
    ideas: list[dict[str, Any]]
    ask: dict[str, Any]
    urgent: dict[str, Any]
