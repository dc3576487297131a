"""All that the content pages ask of the library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from attunement.errors import WrongUse
from attunement.guidance import (
    Group,
    HelpLine,
    Strategy,
    TalkSoon,
    Topic,
    Urgent,
    all_strategies,
    countries,
    early_help,
    groups,
    help_lines,
    strategies_for,
    talk_soon,
    texts,
    topic,
    topics,
    urgent,
)
from attunement_web.families.bridge import age_of
from attunement_web.families.models import Child

__all__ = [
    "CountryLines",
    "Topic",
    "country_of",
    "each_country",
    "early_help_in",
    "ideas",
    "known_topic",
    "lines_in",
    "talk_soon_at",
    "texts",
    "topics",
    "urgent",
    "urgent_in",
]

ELSEWHERE = "ZZ"


@dataclass(frozen=True, slots=True)
class Ideas:
    """The ideas under one heading."""

    group: Group
    strategies: tuple[Strategy, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A help line, and how its number was checked."""

    line: HelpLine
    checked: str


@dataclass(frozen=True, slots=True)
class CountryLines:
    code: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something urgent, with the lines to call in this country."""

    urgent: Urgent
    lines: tuple[Line, ...]


def ideas(child: Child, on: date, *, about: str = "", every_age: bool = False) -> tuple[Ideas, ...]:
    """The ideas by heading, those of this age first in mind; empty headings are left out."""
    chosen = all_strategies() if every_age else strategies_for(age_of(child, on))
    found = (Ideas(group, tuple(one for one in chosen if one.group == group.id)) for group in groups())
    return tuple(each for each in found if each.strategies and about in ("", each.group.id))


def known_topic(topic_id: str) -> Topic | None:
    try:
        return topic(topic_id)
    except WrongUse:
        return None


def talk_soon_at(child: Child, on: date) -> dict[str, tuple[TalkSoon, ...]]:
    """When to ask the doctor soon: about the child, feelings, and the caregiver."""
    rows = talk_soon(age_of(child, on))
    return {about: tuple(row for row in rows if row.about == about) for about in ("child", "feelings", "caregiver")}


def early_help_in(country: str) -> str:
    return early_help(country)


def lines_in(country: str, today: date) -> CountryLines:
    lines = tuple(Line(line, line.how_checked(today)) for line in help_lines(country))
    return CountryLines(country, countries()[country], lines)


def each_country(today: date, *, but: str) -> list[CountryLines]:
    """The lines of every other country, so that a page once loaded serves a family anywhere."""
    return [lines_in(code, today) for code in countries() if code not in (but, ELSEWHERE)]


def urgent_in(here: CountryLines) -> list[Trouble]:
    """Everything urgent, each with the lines of this country that serve it, in the order to try them."""
    return [Trouble(row, tuple(_serving(row.call, here.lines))) for row in urgent()]


def _serving(kinds: Iterable[str], lines: Sequence[Line]) -> Iterable[Line]:
    return (line for kind in kinds for line in lines if line.line.kind.value == kind)


@cache
def country_of(zone: str) -> str:
    """The country of a time zone, as far as we have help lines for it."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (row.split("\t") for row in table.splitlines() if not row.startswith("#"))
    found = next((row[0] for row in rows if row[2] == zone), ELSEWHERE)
    return found if found in countries() else ELSEWHERE
