"""How trouble is told: one small shape with a code for programs and words for people."""

from __future__ import annotations

import json
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from attunement_web.api.forms.moments import NotThen

TOLD = {
    400: ("not-json", "This is no JSON that we can read."),
    401: ("sign-in", "Send a token that is known and not over, or sign in."),
    403: ("not-allowed", "This way in may not do that."),
    404: ("not-found", "There is nothing here for you."),
    410: ("gone", "This was taken away."),
    405: ("not-this-way", "This address does not answer to this method."),
    413: ("too-large", "A body may have up to 1 MiB, unpacked."),
    415: ("not-this-way-packed", "A body comes as it is, or with Content-Encoding: gzip."),
    500: ("our-fault", "Something went wrong on our side. What was kept before is still there."),
}


def trouble(status: int, *, code: str = "", message: str = "") -> HttpResponse:
    """The one shape in which trouble is told."""
    usual_code, usual = TOLD[status if status in TOLD else 400]
    body = json.dumps({"code": code or usual_code, "message": message or usual})
    answer = HttpResponse(body, status=status, content_type="application/json")
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def as_json(told: object) -> HttpResponse:
    """An answer that is JSON already, but for its text."""
    return HttpResponse(json.dumps(told, separators=(",", ":")), content_type="application/json")


class Gone(Exception):
    """What this id named was taken away."""


def tell_all(api: NinjaAPI) -> None:
    """Every trouble that a route may meet has its answer here."""
    plain: dict[type[Exception], int] = {AuthenticationError: 401, PermissionDenied: 403, Http404: 404, Gone: 410}
    for kind, status in plain.items():
        api.add_exception_handler(kind, _plainly(status))
    api.add_exception_handler(HttpError, lambda request, error: trouble(cast(HttpError, error).status_code))
    api.add_exception_handler(NotThen, lambda request, error: trouble(422, code="not-then", message=str(error)))
    api.add_exception_handler(ValidationError, _not_valid)


def _plainly(status: int) -> Any:
    return lambda request, error: trouble(status)


def _not_valid(request: HttpRequest, error: Any) -> HttpResponse:
    """Where the first thing is that does not fit, and why; what was sent is not repeated."""
    first = error.errors[0]
    place = ".".join(str(part) for part in first["loc"][2:] or first["loc"][-1:])
    return trouble(422, code="not-valid", message=f"{place}: {first['msg'].removeprefix('Value error, ')}")
