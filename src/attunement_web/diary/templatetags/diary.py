"""Tags of the diary: the words of a code, and moments as dots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django import template

from attunement_web.diary import bridge

register = template.Library()


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
