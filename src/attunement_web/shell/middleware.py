"""Headers for private pages, and no writing from other people's pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from attunement_web.shell.views import stale_form

Respond = Callable[[HttpRequest], HttpResponse]
_READING = {"GET", "HEAD", "OPTIONS"}
_HARDWARE = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def private_pages(get_response: Respond) -> Respond:
    """Pages stay out of caches (static files are served before this), and ask no device for anything."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Permissions-Policy", _HARDWARE)
        if "max-age" in response.headers["Cache-Control"]:  # urgent help: a new cookie is no reason to forget it
            response.headers["Vary"] = "Accept-Language"
        return response

    return respond


def no_foreign_writes(get_response: Respond) -> Respond:
    """Browsers say where a request starts; one that changes something has to start on our own pages."""

    def respond(request: HttpRequest) -> HttpResponse:
        start = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.method not in _READING and start not in {"same-origin", "none"}:
            return stale_form(request)
        return get_response(request)

    return respond
