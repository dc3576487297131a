"""When the database could not write or be reached: says so kindly, and keeps what was typed in the page."""

from __future__ import annotations

import errno
import logging
import sys
from dataclasses import dataclass

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from attunement_web.shell import views as shell
from attunement_web.site.logs import tell

OUR_MISTAKES = (
    IntegrityError,
    DataError,
    ProgrammingError,
    NotSupportedError,
)  # not the disk's, nor of anybody waiting
BY_NUMBER = {
    errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "read-only", errno.EACCES: "read-only", errno.EIO: "broken",
}  # fmt: skip
BY_STATE = {"53100": "full", "55P03": "busy", "40001": "busy", "40P01": "busy", "25006": "read-only"}  # PostgreSQL's
BY_WORD = {"full": "full", "locked": "busy", "busy": "busy", "readonly": "read-only"}  # SQLite's
STATUS = {"full": 507}
SECONDS = {"busy": 2}  # until it makes sense to come again
READING = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form had sent: to send again as it was, and the sentences in it to be seen."""

    action: str
    fields: list[tuple[str, str]]

    @property
    def sentences(self) -> list[str]:
        return [value for name, value in self.fields if " " in value.strip() and not value.startswith("{")]


def broken(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles what nobody caught."""
    reason = reason_of(sys.exc_info()[1])
    if reason is None:
        return shell.our_fault(request)
    tell("request.not-saved", level=logging.ERROR, reason=reason)
    answer = _for_programs(request, reason) if request.path_info.startswith("/api/") else _page(request, reason)
    answer.headers["Retry-After"] = str(SECONDS.get(reason, 60))
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django takes a session that could not be written for one that was deleted, and calls that a bad request."""
    if isinstance(exception, SessionInterrupted) and reason_of(exception):
        return broken(request)
    return shell.not_understood(request, exception)


def reason_of(error: BaseException | None) -> str | None:
    """Why nothing could be kept, in one word; None when the mistake is in our code."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in BY_NUMBER:
            return BY_NUMBER[error.errno]
        if _is_of_the_database(error):
            return _database_says(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return None


def _is_of_the_database(error: BaseException) -> bool:
    """Django itself raises a bare DatabaseError for a row that has gone; what the driver says has a cause."""
    if isinstance(error, (DatabaseError, InterfaceError)) and not isinstance(error, OUR_MISTAKES):
        return isinstance(error, (OperationalError, InterfaceError)) or error.__cause__ is not None
    return False


def _database_says(error: BaseException) -> str:
    state = getattr(error.__cause__, "sqlstate", None)
    if state in BY_STATE:
        return BY_STATE[state]
    said = str(error).lower()
    return next((reason for word, reason in BY_WORD.items() if word in said), "broken")


def _for_programs(request: HttpRequest, reason: str) -> JsonResponse:
    code = "not-now" if request.method in READING else f"not-saved-{reason}"
    answer = JsonResponse({"code": code, "message": _why(reason)}, status=STATUS.get(reason, 503))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _page(request: HttpRequest, reason: str) -> HttpResponse:
    """Asks nothing of the database."""
    page = {"is_reading": request.method in READING, "why": _why(reason), "typed": _typed(request)}
    return HttpResponse(render_to_string("shell/not_saved.html", page), status=STATUS.get(reason, 503))


def _why(reason: str) -> str:
    return {
        "full": _("The disk of the machine that keeps your notes is full. Make some room on it, then try again."),
        "busy": _("Something else was writing for longer than we wait. Please try again in a moment."),
        "read-only": _("Right now the machine that keeps your notes lets nothing be written. Please try again later."),
        "broken": _("The machine that keeps your notes could not write to its disk. Please try again in a moment."),
    }[reason]


def _typed(request: HttpRequest) -> Typed | None:
    """None where sending again by itself is no help: a password is not shown, a file is not kept."""
    try:
        if request.method != "POST" or request.FILES:
            return None
        fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    except (OSError, UnreadablePostError, RequestDataTooBig, SuspiciousOperation):
        return None
    if not fields or any("password" in name for name, _value in fields):
        return None
    return Typed(request.get_full_path(), fields)
