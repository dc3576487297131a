"""Tags of the base page: an icon beside words, light or dark, and the day of the last backup."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from attunement_web.shell.queries import backup_at_hand

register = template.Library()

SHAPES = {"moon", "leaf", "star", "drop", "sun", "heart"}  # the pictures of children, filled rather than drawn in line


@register.simple_tag
def icon(code: str) -> SafeString:
    """`{% icon "coo" %}`: the line drawing with this id in icons.svg; words always stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("shell/icons.svg"), code
    )


@register.simple_tag
def shape(code: str) -> SafeString:
    """`{% shape child.shape %}`: the picture that belongs to one child."""
    if code not in SHAPES:
        raise ValueError(f"no picture is called “{code}”")
    return format_html(
        '<svg class="shape shape--{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        code,
        static("shell/shapes.svg"),
        code,
    )


@register.simple_tag(takes_context=True)
def look(context: Context) -> str:
    """`{% look as chosen %}`: light, dark or auto, as this browser asked; empty when it never did, or asks nothing now."""
    request = context.get("request")
    return str(request.COOKIES.get(settings.LOOK_COOKIE_NAME, "")) if request else ""


@register.inclusion_tag("shell/_backup.html")
def last_backup(when: str = "always") -> dict[str, object]:
    """`{% last_backup %}`, or `{% last_backup "when old" %}` for a page that speaks of it only when it is long ago."""
    found = backup_at_hand()
    is_wanted = found and (when == "always" or (found["at"] and found["is_old"]))
    return {"backup": found if is_wanted else None}
