"""Tags of the diary: the words of a code, and moments as dots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from attunement_web.diary import bridge
from attunement_web.diary.models import CLOCKED, Feeling

register = template.Library()

FIELDS = {
    "signal": lazy("what your child did"),
    "acts": lazy("what you did"),
    "outcome": lazy("how it ended"),
    "mended": lazy("finding each other again"),
    "calm": lazy("how long until calm"),
    "with_child": lazy("who was with your child"),
    "feeling": lazy("your best guess how it felt"),
    "words": lazy("the words"),
    "when": lazy("when it was"),
    "child": lazy("which child it was"),
}
CALM = [lazy("Under 1 minute"), lazy("1 to 5 minutes"), lazy("5 to 15 minutes"), lazy("Longer")]
MOST_MINUTES = 1_000 * 366 * 24 * 60  # farther back the calendar ends


@register.filter
def wording(code_id: str) -> str:
    """`{{ moment.signal|wording }}`: what a caregiver calls it; a code we no longer know stands as it is."""
    return bridge.wording(code_id)


@register.inclusion_tag("diary/_dots.html")
def dots(drawn: Sequence[str], *, of: int | None = None, by_ending: bool = False) -> dict[str, object]:
    """`{% dots week.dots of=week.basis.noted %}`: dots in order with their key; `of` all moments, drawn or not."""
    kinds = dict(Counter(map(str, drawn)))  # a Counter answers 0 to anything a template asks of it
    more = max((of or 0) - len(drawn), 0)
    return {"dots": [str(dot) for dot in drawn], "kinds": kinds, "more": more, "by_ending": by_ending}


@register.filter
def field_name(field: str) -> str:
    return str(FIELDS[field])


@register.filter
def said(value: Any, field: str) -> str:
    """`{{ version.value|said:"acts" }}`: one field's value in words."""
    if field == "signal" and value == "":
        return _("A good moment")
    if value is None or value in ("", []):
        return _("Nothing said")
    if field in ("signal", "outcome"):
        return wording(value)
    if field == "acts":
        return ", ".join(map(wording, value))
    if field == "mended":
        return _("Yes") if value else _("Not yet")
    if field == "calm":
        return str(CALM[value])
    if field == "feeling":
        return str(Feeling(value).label)
    return _day_said(value) if field == "when" else str(value)


def _day_said(when: dict[str, Any]) -> str:
    """The family's day, and the clock time where it is known."""
    day = formats.date_format(date.fromisoformat(when["local_day"]), "l j F")
    if when["precision"] not in CLOCKED:
        return day
    local = datetime.fromisoformat(when["happened_at"]) + timedelta(minutes=when["offset_minutes"])
    return f"{day}, {formats.time_format(local.time())}"


@register.filter
def long(minutes: int) -> str:
    """`{{ moment.clock_off_minutes|long }}`: about how long that is, whichever way."""
    now = timezone.now()
    return timesince(now - timedelta(minutes=min(abs(minutes), MOST_MINUTES)), now, depth=1)
