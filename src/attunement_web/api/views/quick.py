"""The short way for what phones and programs ask most: a push with a token or from our own page, straight from the
web server.

It takes only what is plainly right. Whatever else comes, and whatever is not found, goes on to Django untouched, where
each trouble has its one answer (api.middleware); a test asks both ways the same things and wants the same answers.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http.request import split_domain_port, validate_host

from attunement_web.api.forms.packed import LARGEST_BODY, NotPacked, TooLarge, unpacked
from attunement_web.api.forms.parts import EARLIEST, LATEST
from attunement_web.api.forms.phone import MOST_OPERATIONS
from attunement_web.api.models import Token
from attunement_web.api.views.headers import HEADERS, strict_transport
from attunement_web.api.views.ours import guard_of, is_ours
from attunement_web.api.views.together import Shown, knock
from attunement_web.sync.actions import Reply

App = Callable[[dict[str, Any], Any], Iterable[bytes]]
PUSH = "/api/v1/push"
BROKE = "attunement.broke"  # in the environ: why the short way could not be gone to its end
WORTH_PACKING = 200  # bytes
NAMES = {"device", "sent_at", "operations"}
_BEARER = re.compile(rf"Bearer (\S{{{Token.LENGTH}}})", re.ASCII)
_SESSION = re.compile(r"[a-z0-9]{32}", re.ASCII)
_PLAIN = list(HEADERS.items())


def _refuse(constant: str) -> float:
    raise ValueError(constant)


_read = json.JSONDecoder(parse_constant=_refuse).decode
_write = json.JSONEncoder(separators=(",", ":")).encode


def quickly(application: App) -> App:
    """The same site, with the short way ahead of it."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PUSH and environ["REQUEST_METHOD"] == "POST" and _is_plain(environ):
            reply = _pushed(environ)
            if reply is not None:
                return _answered(reply, environ, start_response)
        return application(environ, start_response)

    return answer


def _is_plain(environ: dict[str, Any]) -> bool:
    """Whether it asks by a name of ours, over HTTPS where we ask for it, with a body of a length that we take."""
    length = environ.get("CONTENT_LENGTH") or ""
    return (
        length.isdecimal()
        and 0 < int(length) <= LARGEST_BODY
        and environ.get("HTTP_CONTENT_ENCODING", "gzip") == "gzip"
        and _is_ours(environ.get("HTTP_HOST", ""), tuple(settings.ALLOWED_HOSTS))
        and (not settings.SECURE_SSL_REDIRECT or _is_secure(environ))
    )


def _is_secure(environ: dict[str, Any]) -> bool:
    """By the word of whoever stands before us, where somebody does; else by our own server's."""
    told = environ.get("HTTP_X_FORWARDED_PROTO") if settings.SECURE_PROXY_SSL_HEADER else None
    return (told or environ["wsgi.url_scheme"]) == "https"


@lru_cache(maxsize=64)
def _is_ours(host: str, ours: tuple[str, ...]) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, ours)


def _pushed(environ: dict[str, Any]) -> Reply | None:
    """None for what Django has to answer; it finds the body as it came."""
    shown = _token(environ) if "HTTP_AUTHORIZATION" in environ else _session(environ)
    if shown is None:
        return None
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = io.BytesIO(body)
    asked = _understood(body, environ)
    if asked is None:
        return None
    try:
        reply = knock(shown, *asked)
    except Exception as error:
        environ[BROKE] = error
        return None
    return reply if reply.found else None


def _token(environ: dict[str, Any]) -> Shown | None:
    told = _BEARER.fullmatch(environ["HTTP_AUTHORIZATION"])
    return Shown("token", Token.hash_of(told[1])) if told else None


def _session(environ: dict[str, Any]) -> Shown | None:
    """From our own page by the very rule of the long way, which finds nothing here that this left behind."""
    if environ.get("CONTENT_TYPE") != "application/json":  # the rule would look for its token in a form's body
        return None
    request = WSGIRequest(environ.copy())
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    is_plain = _SESSION.fullmatch(key) and is_ours(request, guard_of(request))
    return Shown("session", key) if is_plain else None


def _understood(body: bytes, environ: dict[str, Any]) -> tuple[UUID, datetime, list[Any]] | None:
    """Device, time and operations, by the rules of `forms.phone.NewPush`."""
    try:
        if "HTTP_CONTENT_ENCODING" in environ:
            body = unpacked(body)
        said = _read(body.decode())
        if type(said) is not dict or said.keys() != NAMES or len(said["device"]) != 36:
            return None
        device, sent_at, operations = UUID(said["device"]), datetime.fromisoformat(said["sent_at"]), said["operations"]
        is_right = type(operations) is list and len(operations) <= MOST_OPERATIONS and EARLIEST <= sent_at < LATEST
    except (ValueError, TypeError, AttributeError, RecursionError, NotPacked, TooLarge):
        return None
    return (device, sent_at, operations) if is_right else None


def _answered(reply: Reply, environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = _write(reply.as_json()).encode()
    headers = [("Content-Type", "application/json"), *_PLAIN, *strict_transport()]
    if len(body) >= WORTH_PACKING:
        headers.append(("Vary", "Accept-Encoding"))
        if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            body = _packed(body)
            headers.append(("Content-Encoding", "gzip"))
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body]


def _packed(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()
