"""Which files the service worker keeps: the shell page and what it loads, under their hashed names. Nothing of anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.finders import find, get_finders
from django.templatetags.static import static

STYLES = ("shell/base.css", "shell/frame.css", "shell/parts.css", "shell/forms.css", "diary/diary.css",
          "learning/urgent.css", "offline/offline.css")  # fmt: skip
PICTURES = ("shell/icons.svg", "shell/shapes.svg", "shell/favicon.svg")


@dataclass(frozen=True, slots=True)
class ShellFiles:
    """Addresses to keep, and a print of all their bytes: a new print is a new worker."""

    addresses: tuple[str, ...]
    print: str


def shell_files(page: str) -> ShellFiles:
    """Of these files and the shell `page` as it would be sent."""
    names = _names()
    content = "" if _are_hashed() else _bytes_of(names)
    addresses = tuple(static(name) for name in names)
    return ShellFiles(addresses, _print("\n".join([*addresses, content, page])))


def _are_hashed() -> bool:
    """Then a name says what its bytes are."""
    return not settings.WHITENOISE_AUTOREFRESH


@cache
def _names() -> tuple[str, ...]:
    scripts = sorted(path for finder in get_finders() for path, _ in finder.list([]) if _is_ours(path))
    return (*STYLES, *PICTURES, *scripts)


def _is_ours(path: str) -> bool:
    return path.startswith("offline/") and path.endswith(".js")


def _bytes_of(names: tuple[str, ...]) -> str:
    found = (find(name) for name in names)
    return _print("".join(open(path, encoding="utf-8").read() for path in found if path))


def _print(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
