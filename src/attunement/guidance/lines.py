"""Numbers to call, by country: only those are shown that we may show, and each says honestly how it was checked.

The rule: the emergency number always, first. Another line is shown when a named person has called it or looked it
up on its official site (`last_checked`, `checked_by`), or when we at least read it on a public page (`read`). A
number from memory is kept in the file for whoever checks it, and is not shown. No day of a check is ever made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from attunement.constants import number
from attunement.errors import BadContent
from attunement.guidance.help import countries
from attunement.milestones.shipped import Row, rows_of

LINES = Path(__file__).with_name("help_lines.csv")
ELSEWHERE = "ZZ"

COLUMNS = (
    "id",
    "country",
    "kind",
    "name",
    "number",
    "dial",
    "how",
    "note",
    "status",
    "last_checked",
    "checked_by",
    "version",
)


LOOK_UP = "look up"  # there is no number to say, or it is a site


class LineKind(StrEnum):
    """What a line is for."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    PERINATAL = "perinatal"
    PARENT = "parent"
    CHILD = "child"
    VIOLENCE = "violence"
    POISON = "poison"


class LineStatus(StrEnum):
    """How its number came to us."""

    GENERAL = "general"  # the country's emergency number, common knowledge
    READ = "read"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line of help. `dial` holds the digits for a phone, empty for a web address or a number to look up."""

    id: str
    country: str
    kind: LineKind
    name: str
    number: str
    dial: str
    how: str
    note: str
    status: LineStatus
    last_checked: date | None
    checked_by: str

    @property
    def address(self) -> str:
        """Where it stands on the web, for a line that is a site; otherwise empty."""
        return f"https://{self.number}" if self.how == LOOK_UP and "." in self.number else ""

    @property
    def is_for_more_than_calls(self) -> bool:
        return self.how not in {"", "call", LOOK_UP}

    @property
    def shown(self) -> bool:
        return self.last_checked is not None or self.status is not LineStatus.MEMORY

    def how_checked(self, today: date) -> str:
        """One sentence beside the number: when it was checked, or that it was not."""
        if self.last_checked is not None:
            said = f"Checked on {self.last_checked.day} {self.last_checked:%B %Y}."
            old = (today - self.last_checked).days > number("help_line_recheck_days")
            return f"{said} That was a while ago, so please look it up too." if old else said
        if self.status is LineStatus.GENERAL:
            return ""
        if self.status is LineStatus.READ:
            return "We read this on a public page. We have not called it yet."
        return "Not yet checked by us: please look it up."


def help_lines(country: str) -> tuple[HelpLine, ...]:
    """The lines to show in a country (two capital letters), emergency first; then those that serve everywhere.

    A country that we do not know gets those for elsewhere alone.
    """
    own = [line for line in all_help_lines() if line.country == country]
    everywhere = [line for line in all_help_lines() if line.country == ELSEWHERE]
    if own and country != ELSEWHERE:
        everywhere = [line for line in everywhere if line.kind is not LineKind.EMERGENCY]
        return tuple(line for line in own + everywhere if line.shown)
    return tuple(line for line in everywhere if line.shown)


@cache
def all_help_lines() -> tuple[HelpLine, ...]:
    """Every line of the file, shown or not. Raises BadContent."""
    return read_help_lines(LINES)


def read_help_lines(path: Path) -> tuple[HelpLine, ...]:
    """The lines of one file, checked: each country begins with its emergency number. Raises BadContent."""
    lines = tuple(map(_line, rows_of(path, COLUMNS)))
    first: dict[str, HelpLine] = {}
    for line in lines:
        first.setdefault(line.country, line)
    for code, line in first.items():
        if line.kind is not LineKind.EMERGENCY:
            place = f"{path.name} ({line.id})"
            raise BadContent(f"comes first in {code}", place=place, remedy="put its emergency number first")
    return lines


def _line(row: Row) -> HelpLine:
    if row.text("country") not in countries():
        row.refuse(f"has the country “{row.text('country')}”", "name it in help.toml")
    dial = row.fields["dial"]
    if dial and not dial.isdecimal():
        row.refuse(f"dials “{dial}”", "write digits alone")
    return HelpLine(
        id=row.text("id"),
        country=row.text("country"),
        kind=row.one_of("kind", LineKind),
        name=row.text("name"),
        number=row.text("number"),
        dial=dial,
        how=row.text("how"),
        note=row.fields["note"],
        status=row.one_of("status", LineStatus),
        last_checked=_checked_day(row),
        checked_by=row.fields["checked_by"],
    )


def _checked_day(row: Row) -> date | None:
    said, who = row.fields["last_checked"], row.fields["checked_by"]
    if bool(said) != bool(who):
        row.refuse("names a day or a person, not both", "fill in last_checked and checked_by, or neither")
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        row.refuse(f"was last checked on “{said}”", "write the day as 2026-03-31")
