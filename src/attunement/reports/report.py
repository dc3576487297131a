"""A report as a value: what was read, the picture of the session, and each measure with its basis, in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from attunement.errors import Issue
from attunement.reports.svg import Picture


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a report speaks of, exactly enough to find it again; `session` where it holds several."""

    name: str
    sha256: str
    format: str
    session: str = ""

    @property
    def title(self) -> str:
        return f"{self.name}: {self.session}" if self.session else self.name


@dataclass(frozen=True, slots=True)
class Table:
    """A small table; every cell is text, numbers already written as people read them."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One measure: what it says in sentences, its table, and `basis`, the rule and counts it rests on."""

    key: str
    heading: str
    sentences: tuple[str, ...]
    basis: str = ""
    table: Table | None = None
    pictures: tuple[Picture, ...] = field(default=())  # wide, then narrow


@dataclass(frozen=True, slots=True)
class Report:
    """A session's report, ready for any writer of this room."""

    title: str
    source: Source
    scheme: str
    made_with: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    issues: tuple[Issue, ...]
    closing: str
