"""The kit: all that a phone needs about one child to note, look up and find help without a network.

It holds no moment; those come with the changes of the family. It is made anew when the phone asks, and replaces the one
before it as a whole.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from attunement_web.accounts.models import User
from attunement_web.diary import queries as diary
from attunement_web.families.models import Child
from attunement_web.families.queries import members_of
from attunement_web.milestones import queries as milestones
from attunement_web.offline import bridge

SCHEMA = 1  # what the phone's pages expect; an older kit is asked for again


def kit(child: Child, today: date | None = None, *, by: User | None = None) -> dict[str, Any]:
    """Ready for JSON. A handful of queries, whatever the length of the diary. With `by`, for somebody who only notes:
    nothing that others noted or told.
    """
    on = today or child.today()
    return {
        "schema": SCHEMA,
        "child": str(child.pk),
        "name": child.name,
        "shape": str(child.shape),
        "born": child.born.isoformat(),
        "zone": child.zone.key,
        "made_on": on.isoformat(),
        "codes": bridge.codes(),
        "offered": bridge.offered(child, on, diary.habits_of(child, by=by)),
        "reading": bridge.reading(),
        "people": diary.people_named(child, by=by),
        "members": {str(one.pk): one.name for one in _members(child, by)},
        "milestones": _milestones(child, on) if by is None else {"months": 0, "parts": []},
        "ideas": bridge.ideas(child, on),
        "ask": bridge.ask(child, on),
        "urgent": bridge.urgent_help(child, on),
    }


def _members(child: Child, by: User | None) -> list[User]:
    return [by] if by else [one.user for one in members_of(child)]


def _milestones(child: Child, on: date) -> dict[str, Any]:
    """The list of the age the child grows towards, with what the family told."""
    months, parts = milestones.page_of_age(child, on)
    return {
        "months": months,
        "parts": [
            {"title": part.title, "text": part.text, "lines": [_line(line) for line in part.lines]} for part in parts
        ],
    }


def _line(line: milestones.Line) -> dict[str, Any]:
    told = line.sighting
    return {
        "says": line.milestone.statement,
        "stage": told.get_stage_display() if told else "",
        "seen_on": told.seen_on.isoformat() if told and told.seen_on else "",
    }
