"""/healthz: is this site well? For whoever looks after the machine; nothing in it is about anybody."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from attunement import __version__
from attunement_web.shell.queries import OLD, last_backup

HOLDS = 5  # seconds that one look is good for, so that many askers cost one
LOW, TOO_LOW = 2**30, 64 * 2**20  # bytes free on the disk: say so; and nothing more can be kept soon
_PATIENCE = 2  # seconds; a look that takes longer is an answer of its own


@dataclass(slots=True)
class _Last:
    """The last look, shared by all threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    until: float = 0.0
    found: dict[str, Any] = field(default_factory=dict)


_last = _Last()


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    if not _last.lock.acquire(timeout=_PATIENCE):
        return _answer({"ok": False, "version": __version__, "database": "busy"})
    try:
        if time.monotonic() >= _last.until:
            _last.found, _last.until = look(), time.monotonic() + HOLDS
        return _answer(_last.found)
    finally:
        _last.lock.release()


def _answer(found: dict[str, Any]) -> JsonResponse:
    return JsonResponse(found, status=200 if found["ok"] else 503)


def look() -> dict[str, Any]:
    """Ask database, disk and backups once."""
    database, disk = _database(), _disk()
    well = database == "writable" and disk != "full"
    return {"ok": well, "version": __version__, "database": database, "disk": disk, "backup": _backup()}


def _database() -> str:
    """Writable when we may begin to write: that takes SQLite's own lock, and costs no write to the disk."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1" if connection.vendor == "sqlite" else "SHOW transaction_read_only")
            return "read-only" if cursor.fetchone()[0] == "on" else "writable"
    except Error:
        return "not writable"


def _disk() -> str:
    if settings.DATA is None:
        return "unknown"
    free = shutil.disk_usage(settings.DATA).free
    return "full" if free < TOO_LOW else "low" if free < LOW else "enough"


def _backup() -> dict[str, Any]:
    """How many hours ago the last verified one was made; none is said as none."""
    now = timezone.now()
    made = last_backup(settings.BACKUPS, now) if settings.BACKUPS else None
    if made is None:
        return {"state": "none", "hours": None}
    return {"state": "old" if now - made > OLD else "fresh", "hours": round((now - made).total_seconds() / 3600)}


app_name = "site"
urlpatterns = [path("healthz", healthz, name="healthz")]
