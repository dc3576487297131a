"""Whether a request that shows a cookie started on our own page: one answer for the long way and for the short one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

STARTS = {"same-origin", "none"}  # of Sec-Fetch-Site; browsers that do not know it send none, and the token decides


def view_of_pages(request: HttpRequest) -> HttpResponse:
    """What the guard takes us for: a view that is not exempt."""
    return HttpResponse()


def guard_of(request: HttpRequest) -> CsrfViewMiddleware:
    guard = CsrfViewMiddleware(view_of_pages)
    guard.process_request(request)
    return guard


def is_ours(request: HttpRequest, guard: CsrfViewMiddleware) -> bool:
    start = request.headers.get("Sec-Fetch-Site", "same-origin")
    return start in STARTS and guard.process_view(request, view_of_pages, (), {}) is None
