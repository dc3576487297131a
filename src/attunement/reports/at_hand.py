"""One recording at hand, in Python: measured, and as a report."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from attunement import formats
from attunement.clock import Span, parse_duration
from attunement.errors import WrongUse
from attunement.events import Events, Reading, Session
from attunement.measures import measure_all
from attunement.reports.building import build
from attunement.reports.measured import Measured, measure_reading
from attunement.reports.report import Report, Source
from attunement.schemes import BUILT_IN, Coding, Scheme
from attunement.schemes import scheme as scheme_called

WINDOW = "5s"  # as the command has it

Recording = str | Path | Reading | Session | Events


def measure(
    what: Recording, scheme: str | None = None, *, window: str = WINDOW, despite_issues: bool = False
) -> Measured:
    """Every measure of one recording: a file, or what was read from one, or coded events.

    scheme: the name of a built-in scheme or a TOML file; None takes the built-in one that knows most of it.
    window: how long after a signal an act still answers it, such as "5s" or "500ms".

    The answer holds `measures` (times in ms, shares from 0 to 1, None where it is too little to say), `coding` (the
    events that were counted), `issues` and `source`. `measures` is None where an issue of severity ERROR forbids numbers,
    unless `despite_issues`. Raises NotReadable, BadScheme, WrongUse; also for several recordings at once (see `readings`).
    """
    window_ms = parse_duration(window)
    if isinstance(what, Events):
        return _of_events(what, scheme, window_ms)
    reading, source = _reading(what)
    return measure_reading(reading, source, scheme=scheme, window_ms=window_ms, despite_issues=despite_issues)


def report(
    what: Recording | Measured, scheme: str | None = None, *, window: str = WINDOW, despite_issues: bool = False
) -> Report:
    """The same in words: `sections` with their sentences, rules and tables; `to_html` and `to_markdown` write them down."""
    if isinstance(what, Measured):
        return build(what)
    return build(measure(what, scheme, window=window, despite_issues=despite_issues))


def _reading(what: str | Path | Reading | Session) -> tuple[Reading, Source]:
    if isinstance(what, Session):
        return Reading(what, (), "session"), Source(what.name, "", "session")
    if isinstance(what, Reading):
        return what, Source(what.session.name, "", what.format)
    reading = formats.read(what)
    return reading, Source(Path(what).name, formats.sha256(what), reading.format)


def _of_events(events: Events, scheme: str | None, window_ms: int) -> Measured:
    if len(events.sessions) != 1:
        what = f"{len(events.sessions)} sessions in one table of events"
        raise WrongUse(what, remedy="give one of attunement.events.split, or take attunement.measures.measure_all")
    by = _scheme_of(events, scheme)
    whole = (Span(0, int(events.duration_ms[0])),)
    coding = Coding(events, by, whole, (), np.arange(len(events), dtype=np.int64))
    print_of = hashlib.sha256(b"".join(column.tobytes() for column in _columns(events))).hexdigest()
    source = Source(events.sessions[0], print_of, "events")
    return Measured(source, coding, (), measure_all(coding, window_ms=window_ms))


def _columns(events: Events) -> tuple[np.ndarray[tuple[int], np.dtype[np.integer]], ...]:
    return events.actor, events.code, events.start, events.end


def _scheme_of(events: Events, asked: str | None) -> Scheme:
    """Events are coded already: their vocabulary is the scheme's own, in its order."""
    candidates = [scheme_called(name) for name in ([asked] if asked else BUILT_IN)]
    found = next((one for one in candidates if one.ids == events.codes), None)
    if found is None:
        what = "the codes of these events are not those of " + (f"“{asked}”" if asked else "any built-in scheme")
        raise WrongUse(what, remedy="make them with codes=scheme(...).ids")
    return found
