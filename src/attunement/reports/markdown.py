"""A report as Markdown, for a repository, a mail or a note."""

from __future__ import annotations

from attunement.errors import harmless
from attunement.reports.report import Report, Section, Table


def to_markdown(report: Report) -> str:
    """The report as Markdown text; pictures are told in words."""
    parts = [f"# {_plain(report.title)}", "\n".join(f"- {name}: {_plain(value)}" for name, value in report.facts)]
    for section in report.sections:
        parts += _section(section)
    if report.issues:
        listed = "\n".join(f"- {_plain(i.place)}: {_plain(i.message)} ({i.severity}, {i.code})" for i in report.issues)
        parts += ["## What was met in the file", "Nothing of this was repaired silently.", listed]
    file = f"File {_plain(report.source.name)}, SHA-256 `{report.source.sha256}`."
    parts += ["---", report.closing, f"{report.made_with}. {file}"]
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> list[str]:
    parts = [f"## {section.heading}", *map(_plain, section.sentences)]
    if section.pictures:
        parts.append(_plain(section.pictures[0].summary))
    if section.table and section.table.rows:
        parts.append(_table(section.table))
    if section.basis:
        parts.append(f"*How this was counted: {_plain(section.basis)}*")
    return parts


def _table(table: Table) -> str:
    lines = [table.head, ("---",) * len(table.head), *table.rows]
    return "\n".join("| " + " | ".join(_plain(cell) for cell in line) + " |" for line in lines)


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: names in files are data, never markup."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, "\\" + sign)
    return harmless(text.replace("\n", " "))
