"""Who is let in: each route names READ or WRITE, and no route is open unless it says so."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from attunement_web.actor import become
from attunement_web.api.access import Caller, caller_of_token
from attunement_web.api.forms.parts import Trouble


class Asked(HttpRequest):
    """A request whose route has let its caller in."""

    auth: Caller


class Bearer:
    """A personal token in the header `Authorization: Bearer att_...`."""

    openapi_security_schema: ClassVar = {"type": "http", "scheme": "bearer"}

    def __init__(self, *, to: str) -> None:
        self.to = to

    def __call__(self, request: HttpRequest) -> Caller | None:
        kind, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        caller = caller_of_token(text.strip()) if kind.lower() == "bearer" else None
        if caller and self.to == "write" and not caller.may_write:
            raise PermissionDenied
        return _acts(caller)


class Session:
    """The cookie of somebody signed in; with `X-CSRFToken` where something changes (see api.middleware)."""

    openapi_security_schema: ClassVar = {"type": "apiKey", "in": "cookie", "name": "sessionid"}

    def __call__(self, request: HttpRequest) -> Caller | None:
        return _acts(getattr(request, "signed_in", None))


def _acts(caller: Caller | None) -> Caller | None:
    if caller is not None:
        become(caller.person.pk)
    return caller


def nobody(request: HttpRequest) -> None:
    """The rule of a route that declares none."""


READ = [Bearer(to="read"), Session()]
WRITE = [Bearer(to="write"), Session()]


def answers(*statuses: int, **kept: Any) -> dict[Any, Any]:
    """The schema of each status: of trouble, and of what is meant to come."""
    told = frozenset((401, 403, 404, *statuses, 500, 503, 507))
    return {**{int(name[1:]): kind for name, kind in kept.items()}, told: Trouble}
