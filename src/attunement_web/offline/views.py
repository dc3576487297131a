"""The installed app: its manifest, its service worker, and the shell page. Nothing in them is anybody’s."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from attunement_web.diary.models import Asks, Feeling
from attunement_web.offline import queries

ASK_FIRST = "no-cache"  # kept by browsers, but never used without asking whether it is still so
PAPER, NIGHT = "#faf5eb", "#1c1814"  # the grounds of base.css
NOBODY = "00000000-0000-0000-0000-000000000000"  # where the page puts the child at hand


@login_not_required
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone shows on its home screen."""
    shell = reverse("offline:shell")
    page = {
        "id": "/",
        "name": "Attunement",
        "short_name": "Attunement",
        "description": _("A quiet place for the small moments between you and your child."),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [_icon(192), _icon(512), _icon(512, purpose="maskable")],
        "shortcuts": [
            {"name": _("Note a moment"), "url": f"{shell}#note", "icons": [_icon(192)]},
            {"name": _("Urgent help"), "url": reverse("learning:urgent"), "icons": [_icon(192)]},
        ],
    }
    response = JsonResponse(page, content_type="application/manifest+json")
    response.headers["Cache-Control"] = ASK_FIRST
    return response


def _icon(size: int, *, purpose: str = "any") -> dict[str, str]:
    src = static(f"offline/icons/{purpose}-{size}.png")
    return {"src": src, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@login_not_required
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: one classic script, new whenever a file of the shell is new."""
    files = queries.shell_files(_page())
    page = {"print": files.print, "shell": reverse("offline:shell"), "addresses": json.dumps(files.addresses)}
    return _kept_by_browsers(render_to_string("offline/sw.js", page), "text/javascript")


@login_not_required
def shell(request: HttpRequest) -> HttpResponse:
    """The page that notes and shows without a network. It is made without the request, so nothing of a person is in it."""
    return _kept_by_browsers(_page(), "text/html")


def _page() -> str:
    return render_to_string("offline/shell.html", {"nobody": NOBODY, "asks": Asks.choices, "feelings": Feeling.choices})


def _kept_by_browsers(text: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Cache-Control"] = ASK_FIRST
    return response
