"""Filters of recordings: kinds and lengths in words, and drawings, which are looked at once more before they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString, mark_safe

from attunement_web.coding import bridge
from attunement_web.coding.reading.drawing import is_ours

register = template.Library()


@register.filter
def kind(name: str) -> str:
    """`{{ recording.format|kind }}`: what people call the kind of file."""
    return next((one.title for one in bridge.kinds() if one.name == name), name)


@register.filter
def duration(ms: int) -> str:
    return bridge.show_duration(ms)


@register.filter
def drawing(picture: Mapping[str, str]) -> SafeString | str:
    """The drawing when it is one of our own writer, else its words."""
    svg = picture["svg"]
    return mark_safe(svg) if is_ours(svg) else picture["summary"]
