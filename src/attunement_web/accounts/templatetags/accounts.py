"""A browser in plain words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()

_BROWSERS = {"edge": "Edge", "opera": "Opera", "firefox": "Firefox", "samsung": "Samsung Internet", "chrome": "Chrome",
             "safari": "Safari"}  # fmt: skip
_SYSTEMS = {"iphone": "iPhone", "ipad": "iPad", "android": "Android", "windows": "Windows", "mac": "Mac",
            "chromebook": "Chromebook", "linux": "Linux"}  # fmt: skip


@register.filter
def in_words(browser: str) -> str:
    """`firefox android`: “Firefox on Android”."""
    which, _space, where = browser.partition(" ")
    if not browser:
        return _("A browser we do not know")
    return _("%(browser)s on %(system)s") % {
        "browser": _BROWSERS.get(which, _("A browser")),
        "system": _SYSTEMS.get(where, _("a device we do not know")),
    }
