"""A measured file as lines of text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from attunement.errors import harmless
from attunement.reports.report import Report, Section, Table

WIDTH, MARGIN = 100, 20
MOST_ROWS = 40  # of a table in a terminal; the report and --json have them all


def to_text(report: Report) -> str:
    facts = ", ".join(f"{name.lower()} {value}" for name, value in report.facts)
    lines = [report.title, *textwrap.wrap(facts, WIDTH), ""]
    for section in report.sections:
        if not section.pictures:
            lines += _section(section)
    for issue in report.issues:
        lines += _hanging(str(issue.severity), f"{issue.place}: {issue.message}")
    return "\n".join(map(harmless, lines)) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield from _hanging(section.heading, " ".join(section.sentences))
    if section.table and 0 < len(section.table.rows) <= MOST_ROWS:
        yield from _table(section.table)
    elif section.table and section.table.rows:
        yield f"{'':<{MARGIN}}{section.table.caption}: see the report; --json has every row."
    yield ""


def _hanging(head: str, words: str) -> list[str]:
    lines = textwrap.wrap(words, WIDTH - MARGIN) or [""]
    if len(head) >= MARGIN:  # a long heading has a line of its own
        return [head, *(f"{'':<{MARGIN}}{line}" for line in lines)]
    return [f"{head if at == 0 else '':<{MARGIN}}{line}" for at, line in enumerate(lines)]


def _table(table: Table) -> Iterator[str]:
    lines = [table.head, *table.rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(table.head))]
    text = len([1 for cell in table.rows[0] if not cell[:1].isdigit()])  # words stand left, numbers right
    for line in lines:
        cells = (
            f"{cell:<{width}}" if at < min(text, 2) else f"{cell:>{width}}"
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield f"{'':<{MARGIN}}{'  '.join(cells).rstrip()}"
