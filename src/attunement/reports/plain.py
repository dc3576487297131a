"""A report as plain JSON, pictures and tables included: what another program needs to show it."""

from __future__ import annotations

from attunement.measures.rules import Json
from attunement.reports.report import Report, Section, Table
from attunement.reports.svg import Picture


def to_plain(report: Report) -> dict[str, Json]:
    """Texts are as in the report, not escaped; `svg` is one element of our own writer. Issues stand in the record."""
    return {
        "title": report.title,
        "made_with": report.made_with,
        "facts": [list(fact) for fact in report.facts],
        "sections": [_section(section) for section in report.sections],
        "closing": report.closing,
    }


def _section(section: Section) -> dict[str, Json]:
    return {
        "key": section.key,
        "heading": section.heading,
        "sentences": list(section.sentences),
        "basis": section.basis,
        "table": _table(section.table) if section.table and section.table.rows else None,
        "pictures": [_picture(picture) for picture in section.pictures],
    }


def _table(table: Table) -> dict[str, Json]:
    return {"caption": table.caption, "head": list(table.head), "rows": [list(row) for row in table.rows]}


def _picture(picture: Picture) -> dict[str, Json]:
    return {
        "svg": picture.svg,
        "title": picture.title,
        "summary": picture.summary,
        "width": picture.width,
        "height": picture.height,
    }
