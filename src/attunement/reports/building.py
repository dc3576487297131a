"""From a measured file to its report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attunement import __version__
from attunement.clock import show_duration
from attunement.errors import Severity
from attunement.events import Events
from attunement.reports.measured import Measured
from attunement.reports.report import Report, Section
from attunement.reports.sections import sections
from attunement.reports.timeline import NARROW, WIDE, Row, draw
from attunement.reports.wording import counted
from attunement.schemes import Coding, Role, Scheme

MOST_ROWS = 12  # of the time line; the rest are counted in its last row
CLOSING = (
    "These numbers are about moments, never about a person. Rates need their rule and their counts beside them, and what "
    "was watched is a small part of a family's life. Attunement describes; it does not screen or diagnose."
)
_KINDS = {"child": "child", "caregiver": "adult"}


def build(found: Measured) -> Report:
    """The report of one file: the picture first, then each measure in words."""
    coding = found.coding
    parts = [_picture(coding)]
    if found.measures is None:
        parts.append(_forbidden(found))
    else:
        parts += sections(found.measures)
    return Report(
        title=found.source.title, source=found.source, scheme=coding.scheme.name, made_with=_made_with(coding.scheme),
        facts=_facts(coding), sections=tuple(parts), issues=found.issues, closing=CLOSING,
    )  # fmt: skip


def _made_with(scheme: Scheme) -> str:
    return f"Made with Attunement {__version__}, scheme {scheme.name} {scheme.version}"


def _facts(coding: Coding) -> tuple[tuple[str, str], ...]:
    events = coding.events
    length, observed = int(events.duration_ms[0]), int(events.observed_ms[0])
    return (
        ("Length", show_duration(length)),
        ("Watched and coded", show_duration(observed)),
        ("Events", f"{len(events):,}"),
        ("People", str(len(events.actors))),
        ("Scheme", f"{coding.scheme.name} {coding.scheme.version}"),
    )


def _forbidden(found: Measured) -> Section:
    errors = sum(issue.severity is Severity.ERROR for issue in found.issues)
    said = f"{counted(errors, 'issue stands', 'issues stand')} in the way of a number; see the list of issues."
    return Section("no-number", "No number yet", (said, "Mend the file, or ask for numbers despite the issues."))


def _picture(coding: Coding) -> Section:
    """Both partners on one time line, wide and narrow from one definition."""
    events, rows = coding.events, _rows(coding)
    title = f"Time line of {events.sessions[0]}"
    wide, narrow = (
        draw(events, rows, observed=coding.observed, title=title, width=width, key=f"line-{width}")
        for width in (WIDE, NARROW)
    )
    told = ["Each mark is one event; marks that would touch are drawn as one."]
    if int(events.observed_ms[0]) < int(events.duration_ms[0]):
        told.append("Stretches in shade were not coded.")
    return Section("time-line", "The session", tuple(told), pictures=(wide, narrow))


def _rows(coding: Coding) -> list[Row]:
    """The child first, then adults, then others; upset sounds of the child in a row of their own."""
    events, scheme = coding.events, coding.scheme
    if not len(events):
        return []
    named = sorted(range(len(events.actors)), key=lambda actor: _order(events, scheme, actor))
    rows = [row for actor in named for row in _rows_of(events, scheme, actor)]
    if len(rows) <= MOST_ROWS:
        return rows
    rest = np.logical_or.reduce([row.mask for row in rows[MOST_ROWS - 1 :]])
    return [*rows[: MOST_ROWS - 1], Row(f"{len(rows) - MOST_ROWS + 1} more", "other", rest)]


def _rows_of(events: Events, scheme: Scheme, actor: int) -> Sequence[Row]:
    mine = events.actor == actor
    upset = mine & scheme.is_upset[events.code]
    kind = _KINDS.get(_role(events, scheme, actor), "other")
    name = events.actors[actor]
    calm = mine & ~upset
    rows = [(name, calm), (f"{name}, upset", upset)]
    return [Row(said, kind, mask) for said, mask in rows if mask.any()]  # type: ignore[arg-type]  # values of _KINDS


def _order(events: Events, scheme: Scheme, actor: int) -> tuple[int, int]:
    role = _role(events, scheme, actor)
    return (["child", "caregiver"].index(role) if role in _KINDS else 2, actor)


def _role(events: Events, scheme: Scheme, actor: int) -> Role:
    """What this actor's events mostly are."""
    codes = np.bincount(events.code[events.actor == actor], minlength=len(scheme.codes))
    return scheme.codes[int(codes.argmax())].role
