"""Answers `/api/v1/` ahead of what pages need: no redirect, no page, no cookie set, no message (docs/adr/0012).

The same rules hold as for pages: the host is one of ours, HTTPS where it is asked for, who signed in by cookie brings
the CSRF token and starts on our own pages, and each answer stays out of caches.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.urls import Resolver404, URLResolver, path
from django.urls.resolvers import RegexPattern
from django.utils import timezone

from attunement_web.actor import coming
from attunement_web.api.access import callers_of_sessions
from attunement_web.api.forms.packed import LARGEST_BODY, NotPacked, TooLarge, unpacked
from attunement_web.api.views import v1
from attunement_web.api.views.headers import HEADERS, strict_transport
from attunement_web.api.views.ours import guard_of, is_ours
from attunement_web.api.views.quick import BROKE, PUSH
from attunement_web.api.views.trouble import trouble

Respond = Callable[[HttpRequest], HttpResponse]
ROOT = "/api/"
ROUTES = URLResolver(RegexPattern(r"^/"), [path("api/v1/", v1.api.urls)])  # without the pages': they are many
READING = {"GET", "HEAD", "OPTIONS", "TRACE"}
log = logging.getLogger("django.request")


def straight(get_response: Respond) -> Respond:
    """Everything below `/api/` is answered here; all else goes on."""
    packer = GZipMiddleware(get_response)

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return get_response(request)
        timezone.deactivate()
        with coming():
            answer = _answered(request)
        for name, value in (*HEADERS.items(), *strict_transport()):
            answer.headers[name] = value
        if request.method == "GET" or request.path_info == PUSH:
            packer.process_response(request, answer)
        answer.headers["Content-Length"] = str(len(answer.content))  # else the server sends it in pieces
        return answer

    return respond


def _answered(request: HttpRequest) -> HttpResponse:
    try:
        if BROKE in request.META:
            raise request.META[BROKE]
        return _refused(request) or _unpacked(request) or _routed(request)
    except (RequestDataTooBig, TooLarge):
        return trouble(413)
    except NotPacked:
        return trouble(400, code="not-gzip", message="The body says that it is packed by gzip, and is not.")
    except (DisallowedHost, SuspiciousOperation):
        return trouble(400, code="not-understood", message="Something about this request was not as we expected.")
    except DatabaseError:
        raise  # handler500 knows whether the disk is full or the database busy
    except Exception:
        log.exception("a request to the API broke")
        answer = trouble(500)
        answer._has_been_logged = True  # type: ignore[attr-defined]  # else Django adds the path, which names a child
        return answer


def _refused(request: HttpRequest) -> HttpResponse | None:
    request.get_host()
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return trouble(403, code="https-only", message="Use https://, and count what was sent here as seen by others.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return trouble(413)
    return None


def _unpacked(request: HttpRequest) -> HttpResponse | None:
    """The body as it was before it was packed."""
    how = request.META.get("HTTP_CONTENT_ENCODING", "identity")
    if how == "identity":
        return None
    if how != "gzip":
        return trouble(415)
    request._body = unpacked(request.body)  # what Django keeps of a body that was read
    return None


def _routed(request: HttpRequest) -> HttpResponse:
    try:
        match = ROUTES.resolve(request.path_info)
    except Resolver404:
        return trouble(404)
    request.resolver_match = match
    view = _by_token if "HTTP_AUTHORIZATION" in request.META else _by_cookie
    try:
        answer = view(request, lambda: match.func(request, *match.args, **match.kwargs))
    except Http404:
        return trouble(404)
    if answer.status_code == 405 and not answer.headers["Content-Type"].startswith("application/json"):
        told = trouble(405)
        told.headers["Allow"] = ", ".join(sorted(answer.headers["Allow"].split(", ")))
        return told
    return answer


def _by_token(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Browsers add no token on their own, so another page cannot borrow one."""
    return view()


def _by_cookie(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """The session is read and never written; what changes something brings the CSRF token from our own page."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    request.signed_in = callers_of_sessions([key] if key else []).get(key)  # type: ignore[attr-defined]
    guard = guard_of(request)
    if request.method not in READING and request.signed_in and not is_ours(request, guard):  # type: ignore[attr-defined]
        return trouble(403, code="csrf", message="Send the X-CSRFToken that /api/v1/me gives, from our own page.")
    answer = view()
    guard.process_response(request, answer)
    return answer
