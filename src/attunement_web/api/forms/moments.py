"""What programs send to note or change a moment, and what they get."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Schema
from pydantic import Field

from attunement_web.api import bridge
from attunement_web.api.forms.parts import GIVEN_ID, INSTANT, SAID, Code, Strict, Text
from attunement_web.diary.actions import Tap, When
from attunement_web.diary.models import MOST_ACTS, MOST_WORDS, Feeling, Moment, Precision, new_id
from attunement_web.families.models import Child

AHEAD = timedelta(minutes=5)  # a clock may run a little ahead of ours
MOST_AT_ONCE = 200  # moments in one answer

Signal = Annotated[str, Code("", *bridge.SIGNALS)]
Acts = Annotated[list[Annotated[str, Code(*bridge.ACTS)]], Field(max_length=MOST_ACTS)]
Outcome = Annotated[str, Code("", *bridge.OUTCOMES)]
Calm = Annotated[int, Field(ge=0, le=3)]
Base = Annotated[int, Field(ge=0)]
Guess = Annotated[str, Code("", *Feeling.values)]
Name = Annotated[str, Text(80)]
Words = Annotated[str, Text(MOST_WORDS)]


class NewMoment(Strict):
    """A moment to note. All is optional: an empty one is a good moment, now. The same id again makes no second one."""

    id: GIVEN_ID | None = None
    signal: Signal = ""
    acts: Acts = []
    outcome: Outcome = ""
    mended: bool | None = None
    calm: Calm | None = None
    with_child: Name = ""
    feeling: Guess = ""
    words: Words = ""
    happened_at: INSTANT | None = None

    def tap(self, child: Child) -> Tap:
        given = self.model_dump(exclude={"id", "happened_at", "acts"})
        when = placed(self.happened_at, child) if self.happened_at else None
        return Tap(id=self.id or new_id(), acts=tuple(self.acts), when=when, **given)


class Changes(Strict):
    """What to change: only the fields given. `base`: the revision that was read, 0 for none; what somebody else set after
    it, and this changes, is kept as another version, to be decided on the moment's page.
    """

    base: Base = 0
    signal: Signal = ""
    acts: Acts = []
    outcome: Outcome = ""
    mended: bool | None = None
    calm: Calm | None = None
    with_child: Name = ""
    feeling: Guess = ""
    words: Words = ""
    happened_at: INSTANT = datetime(1970, 1, 1, tzinfo=UTC)

    def fields(self, child: Child) -> dict[str, Any]:
        """Ready for `change_moment`."""
        given = self.model_dump(exclude_unset=True, exclude={"base"})
        if "happened_at" in given:
            given["when"] = placed(given.pop("happened_at"), child)
        return given


class Told(Schema):
    """A moment as programs see it. `local_day` is the family's day, fixed when it was noted."""

    id: UUID
    child: UUID
    revision: int
    noted_at: SAID
    happened_at: SAID
    local_day: date
    zone: str
    offset_minutes: int
    precision: str
    signal: str
    acts: list[str]
    outcome: str
    mended: bool | None
    calm: int | None
    with_child: str
    feeling: str
    words: str

    @classmethod
    def of(cls, moment: Moment) -> dict[str, Any]:
        told = {name: getattr(moment, name) for name in cls.model_fields if name != "child"}
        return told | {"child": moment.child_id}


class TheirMoments(Schema):
    """A page of moments, newest first. `next` is the `before` of the next page; null: these were the last."""

    moments: list[Told]
    next: UUID | None


class NotThen(ValueError):
    """A moment cannot have happened then."""


def placed(at: datetime, child: Child) -> When:
    """An instant on the family's own clock. Raises NotThen for one to come, or before the child was born."""
    if at > timezone.now() + AHEAD:
        raise NotThen("happened_at: this has not come yet")
    utc = at.astimezone(UTC)
    local = utc.astimezone(child.zone)
    if local.date() < child.born:
        raise NotThen("happened_at: this is before the child was born")
    offset = local.utcoffset() or timedelta(0)
    return When(utc, local.date(), child.zone.key, round(offset / timedelta(minutes=1)), str(Precision.CLOCK))
