"""A report as one HTML page that stands alone: no script, no request, light and dark, good on paper."""

from __future__ import annotations

import html
from collections.abc import Iterable
from importlib.resources import files

from attunement.errors import Issue, harmless
from attunement.reports.report import Report, Section, Table


def to_html(report: Report) -> str:
    """One HTML page that stands alone, with its pictures and its look: open it, print it, send it."""
    look = (files("attunement.reports") / "report.css").read_text(encoding="utf-8")
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in report.facts)
    body = "".join(
        [
            f"<header><p class=kicker>Attunement · session report</p><h1>{escape(report.title)}</h1>",
            f"<dl class=facts>{facts}</dl></header><main>",
            *map(_section, report.sections),
            _issues(report.issues),
            f"</main><footer><p>{escape(report.closing)}</p><p class=made>{escape(report.made_with)}</p>",
            f"<p class=made>File {escape(report.source.name)}, ",
            f"SHA-256 <code>{report.source.sha256}</code></p></footer>",
        ]
    )
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        '<meta name=color-scheme content="light dark">'
        f"<title>{escape(report.title)} · Attunement</title><style>{look}</style></head><body>{body}</body></html>\n"
    )


def _section(section: Section) -> str:
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in section.sentences)
    basis = (
        f"<details class=basis><summary>How this was counted</summary><p>{escape(section.basis)}</p></details>"
        if section.basis
        else ""
    )
    table = _table(section.table) if section.table else ""
    return (
        f"<section aria-labelledby={section.key}><h2 id={section.key}>{escape(section.heading)}</h2>"
        f"{_pictures(section)}{said}{table}{basis}</section>"
    )


def _pictures(section: Section) -> str:
    """The wide drawing for desks and paper, the narrow one for phones; style shows one of them."""
    shown = zip(("wide", "narrow"), section.pictures, strict=False)
    return "".join(f"<figure class={size}>{picture.svg}</figure>" for size, picture in shown)


def _table(table: Table) -> str:
    head = "".join(f"<th scope=col>{escape(cell)}</th>" for cell in table.head)
    rows = "".join(f"<tr>{_cells(row)}</tr>" for row in table.rows)
    return (
        f"<details class=data><summary>{escape(table.caption)}</summary><div class=scroll tabindex=0>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _cells(row: Iterable[str]) -> str:
    first, *rest = row
    return f"<th scope=row>{escape(first)}</th>" + "".join(f"<td>{escape(cell)}</td>" for cell in rest)


def _issues(issues: tuple[Issue, ...]) -> str:
    if not issues:
        return ""
    items = "".join(
        f"<li><b>{escape(issue.place)}</b> {escape(issue.message)} <small>{issue.severity}, {issue.code}</small></li>"
        for issue in issues
    )
    return (
        "<section aria-labelledby=issues><h2 id=issues>What was met in the file</h2>"
        f"<p>Nothing of this was repaired silently.</p><ul class=issues>{items}</ul></section>"
    )


def escape(text: str) -> str:
    """Text as HTML shows it, with nothing in it that steers the page or the screen."""
    return html.escape(harmless(text.replace("\n", " ")))
