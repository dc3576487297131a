"""Ideas for this age, when to ask the doctor, and urgent help, in the words of their pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from attunement_web.families.models import Child
from attunement_web.learning import bridge as learning


def ideas(child: Child, on: date) -> list[dict[str, Any]]:
    """Every idea for this age, by heading."""
    return [
        {
            "title": each.group.title,
            "ideas": [
                {"when": one.situation, "try": one.what_to_try, "why": one.why_it_helps, "sure": one.how_sure,
                 "source": one.source}
                for one in each.strategies
            ],
        }
        for each in learning.ideas(child, on)
    ]  # fmt: skip


def ask(child: Child, on: date) -> dict[str, Any]:
    """Good reasons to ask at this age, and words for the call."""
    texts = learning.texts()
    rows = learning.talk_soon_at(child, on)
    country = learning.country_of(child.family.time_zone)
    return {
        "worry": texts["worry"],
        "rows": {
            about: [
                {"text": row.text, "items": list(row.items), "note": row.note, "source": row.source} for row in each
            ]
            for about, each in rows.items()
        },
        "for_the_visit": texts["for_the_visit"],
        "early_help": learning.early_help_in(country),
        "each_time": texts["each_time"],
    }


def urgent_help(child: Child, on: date) -> dict[str, Any]:
    """What is urgent, with the lines of the family's country; the page itself has those of every other one."""
    here = learning.lines_in(learning.country_of(child.family.time_zone), on)
    return {
        "country": "" if here.code == learning.ELSEWHERE else here.name,
        "lines": _lines(here.lines),
        "troubles": [
            {"when": one.urgent.when, "text": one.urgent.text, "lines": _lines(one.lines)}
            for one in learning.urgent_in(here)
        ],
        "each_time": learning.texts()["each_time"],
    }


def _lines(lines: Iterable[learning.Line]) -> list[dict[str, str]]:
    return [
        {"name": one.line.name, "number": one.line.number, "dial": one.line.dial, "how": one.line.how,
         "note": one.line.note, "checked": one.checked}
        for one in lines
    ]  # fmt: skip
