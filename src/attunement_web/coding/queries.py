"""Chooses the recordings that pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from attunement_web.accounts.models import User
from attunement_web.coding.models import Recording
from attunement_web.families.models import Child

MOST_ISSUES = 200  # on a page; the numbers to download have them all
MOST_ROWS = 300  # of a table on a page


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a report, its table cut to what a page carries."""

    section: dict[str, Any]
    rows: list[list[str]]
    rows_left: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One session of a recording on its page."""

    at: int
    names: list[str]
    session: dict[str, Any]
    parts: list[Part]
    issues: list[dict[str, str]]
    issues_left: int


def of_child(child: Child) -> QuerySet[Recording]:
    """The kept ones, newest first, without their reports."""
    return _light(child).filter(removed_at=None, kept_at__isnull=False).order_by("-kept_at", "-id")


def waiting(child: Child, by: User) -> QuerySet[Recording]:
    """What this person brought and has not kept yet."""
    return _light(child).filter(kept_at=None, read_by=by).order_by("-read_at", "-id")


def taken_away(child: Child, since: datetime) -> QuerySet[Recording]:
    return _light(child).filter(removed_at__gte=since).order_by("-removed_at", "-id")


def _light(child: Child) -> QuerySet[Recording]:
    return Recording.objects.filter(child=child).defer("shown")


def sheet(recording: Recording, asked: str) -> Sheet:
    """The session asked for by its place from 1, else the first."""
    sessions = recording.shown
    at = int(asked) if asked.isascii() and asked.isdecimal() and 1 <= int(asked[:9]) <= len(sessions) else 1
    session = sessions[at - 1]
    issues = session["issues"]
    return Sheet(
        at, [one["session"].get("name", recording.name) for one in sessions], session,
        [_part(section) for section in session["report"]["sections"]],
        issues[:MOST_ISSUES], max(0, len(issues) - MOST_ISSUES),
    )  # fmt: skip


def _part(section: dict[str, Any]) -> Part:
    rows = section["table"]["rows"] if section["table"] else []
    return Part(section, rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS))
