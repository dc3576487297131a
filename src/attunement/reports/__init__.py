"""Builds a Report value from a coded session, and writes it as HTML, Markdown, JSON or text."""

from attunement.reports.building import build
from attunement.reports.html import to_html
from attunement.reports.markdown import to_markdown
from attunement.reports.measured import Measured, as_record, envelope, measure_bytes, measure_file
from attunement.reports.report import Report, Section, Source, Table
from attunement.reports.text import to_text

__all__ = [
    "Measured",
    "Report",
    "Section",
    "Source",
    "Table",
    "as_record",
    "build",
    "envelope",
    "measure_bytes",
    "measure_file",
    "to_html",
    "to_markdown",
    "to_text",
]
