"""What the site says in its log: one JSON line an event, of names and numbers that we chose, never of what people sent.
On a terminal a person reads it, so what she has to know is a sentence there.

A path may hold a child's id or a one-time token, and the text of an exception the value of a form. So nothing of a
request is written but its method and the name of its view, and of an exception its kind and the places in the code.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

_OURS = "attunement"
_CODE = re.compile(r"[a-z][a-z0-9_.-]{0,63}")  # "backup.kept"; nothing that a person wrote looks like one of ours
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_FRAMES = 6
App = Callable[[dict[str, Any], Any], Iterable[bytes]]

# What a person's terminal gets in the place of a line for machines; nothing, where she can do nothing about it.
_SAID = {
    "native.sqlite-old": "",
    "native.expat-old": "",
    "backup.key-made": "The first backup made a key, the file backup-key. Keep a copy of it somewhere else: without it no "
    "backup can be opened.",
    "backup.not-kept": "We could not make a backup. We try again in an hour.",
    "backup.broke": "We could not make a backup. We try again in an hour.",
    "erasures.held": "Not yet erased, though the week is over: {count}. This machine was off, or its clock jumped, so we "
    "wait for one more day. Is the clock right?",
    "ledger.not-as-written": "The ledger of who changed and who looked is not as it was written. Stop Attunement, make a "
    "copy of the folder, then run: attunement ledger",
    "certificate.ends-soon": "Days that are left of your certificate: {days}. Renew it, then stop Attunement and start "
    "it again.",
}


def tell(event: str, *, level: int = logging.INFO, **facts: int | float | str | bool | None) -> None:
    """Write one event, such as `tell("backup.kept", rows=12)`; its facts are numbers and codes, anything else raises."""
    for name, value in {"event": event, **facts}.items():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError(f"the log keeps codes and numbers only, not the value of “{name}”")
    logging.getLogger(_OURS).log(level, event, extra={"facts": facts}, exc_info=sys.exc_info()[1])


class OneLine(logging.Formatter):
    """Of a record of ours its facts; of anybody else's the name of its logger, never its text."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name == _OURS and hasattr(record, "facts")
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.msg if ours else record.name,
        }
        line |= record.__dict__["facts"] if ours else _request(record)
        if record.exc_info and record.exc_info[1]:
            line |= _trouble(record.exc_info[1])
        return json.dumps(line)


class Stderr(logging.StreamHandler[TextIO]):
    """Standard error: the log, or a person who started us in her terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        if not self.stream.isatty() or _said(record) != "":
            super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        said = _said(record) if self.stream.isatty() else None
        return super().format(record) if said is None else said


def _said(record: logging.LogRecord) -> str | None:
    """The sentence for a person; None where there is none, and the line for machines has to do."""
    if record.name != _OURS:
        return None
    said = _SAID.get(record.msg, "" if record.levelno < logging.WARNING else None)
    return said.format(**record.__dict__["facts"]) if said else said


def _request(record: logging.LogRecord) -> dict[str, Any]:
    request: Any = getattr(record, "request", None)
    if not hasattr(request, "method"):
        return {}
    match = getattr(request, "resolver_match", None)
    method = request.method if request.method in _METHODS else "other"
    told = {"method": method, "view": getattr(match, "view_name", None), "status": getattr(record, "status_code", None)}
    return {name: value for name, value in told.items() if value is not None}


def _trouble(error: BaseException) -> dict[str, Any]:
    """The kind of an exception, of what led to it, and where in the code it was."""
    kinds = [type(one).__name__ for one in (error, error.__cause__ or error.__context__) if one]
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return {"error": " < ".join(kinds), "where": [f"{_short(one.filename)}:{one.lineno} {one.name}" for one in frames]}


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-3:])


def watch_threads() -> None:
    """Python would print an exception that nobody caught, text and all."""

    def thread_broke(broke: threading.ExceptHookArgs) -> None:
        _tell_uncaught(broke.exc_value)

    def process_broke(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _tell_uncaught(error)

    threading.excepthook, sys.excepthook = thread_broke, process_broke


def _tell_uncaught(error: BaseException | None) -> None:
    logging.getLogger(_OURS).error("thread.broke", extra={"facts": {}}, exc_info=error)


def guarded(application: App) -> App:
    """The server, too, prints an exception that Django let through; here it becomes one line and an empty 500."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            return application(environ, start_response)
        except Exception:
            tell("request.broke", level=logging.ERROR)
            start_response("500 Internal Server Error", [("Content-Length", "0")])
            return []

    return answer
