"""A file that was read, coded and measured: the one value behind tables, JSON and reports."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from attunement import __version__, formats
from attunement.errors import Issue, Severity
from attunement.events import Reading
from attunement.measures import NAMES, WINDOW_MS, Measures, as_json, measure_all
from attunement.measures.rules import Json
from attunement.reports.report import Source
from attunement.schemes import Coding, coding_of


@dataclass(frozen=True, slots=True)
class Measured:
    """`measures` is None where an issue forbids a number."""

    source: Source
    coding: Coding
    issues: tuple[Issue, ...]
    measures: Measures | None


def measure_file(
    path: str | Path, *, scheme: str | None = None, window_ms: int = WINDOW_MS, despite_issues: bool = False
) -> tuple[Measured, ...]:
    """Reads a file, codes each session in it with `scheme` (None: the one that knows most of it) and measures it.

    An issue of severity ERROR forbids every number, unless `despite_issues`. Raises NotReadable, BadScheme, WrongUse.
    """
    found = formats.readings(path)
    print_of = formats.sha256(path)
    return tuple(
        measure_reading(
            reading, Source(Path(path).name, print_of, reading.format, reading.session.name if len(found) > 1 else ""),
            scheme=scheme, window_ms=window_ms, despite_issues=despite_issues,
        )
        for reading in found
    )  # fmt: skip


def measure_bytes(
    data: bytes, name: str, *, scheme: str | None = None, window_ms: int = WINDOW_MS, despite_issues: bool = False
) -> Measured:
    """The same for a file of one session that is in memory."""
    reading = formats.read_bytes(data, name)
    source = Source(name, hashlib.sha256(data).hexdigest(), reading.format)
    return measure_reading(reading, source, scheme=scheme, window_ms=window_ms, despite_issues=despite_issues)


def measure_reading(
    reading: Reading, source: Source, *, scheme: str | None, window_ms: int, despite_issues: bool
) -> Measured:
    coding = coding_of(reading.session, asked=scheme)
    issues = (*reading.issues, *coding.issues)
    forbidden = any(issue.severity is Severity.ERROR for issue in issues) and not despite_issues
    return Measured(source, coding, issues, None if forbidden else measure_all(coding, window_ms=window_ms))


def envelope(files: list[dict[str, Json]]) -> dict[str, Json]:
    """The whole answer of `attunement measure --json`."""
    return {"attunement": __version__, "files": list(files)}


def as_record(found: Measured) -> dict[str, Json]:
    """One file of that answer."""
    scheme = found.coding.scheme
    measures: Mapping[str, Json] = dict.fromkeys(NAMES) if found.measures is None else as_json(found.measures)
    return {
        "file": {"name": found.source.name, "sha256": found.source.sha256, "format": found.source.format},
        "scheme": {"name": scheme.name, "version": scheme.version},
        "session": _session(found),
        "issues": [
            {"code": each.code, "severity": str(each.severity), "place": each.place, "message": each.message}
            for each in found.issues
        ],
        "measures": dict(measures),
    }


def _session(found: Measured) -> dict[str, Json]:
    """`name` only where a file holds several sessions."""
    events = found.coding.events
    said: dict[str, Json] = {
        "duration_ms": int(events.duration_ms[0]), "events": len(events), "actors": list(events.actors),
    }  # fmt: skip
    return {"name": found.source.session, **said} if found.source.session else said
