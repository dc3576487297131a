"""BORIS projects, written: one live observation that BORIS opens and that reads back equal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from attunement.clock import SECOND, Span
from attunement.errors import WrongUse
from attunement.events import NONE, Session
from attunement.formats.boris import VERSION
from attunement.formats.boris_rows import COMMENT, MODIFIERS, NO_SUBJECT, Key

_TOLD = (MODIFIERS, COMMENT)


def written(session: Session, *, on: datetime) -> bytes:
    """Tiers become subjects, values behaviours; rows that hang under others are kept where they are modifiers or comments.

    Raises WrongUse for rows that BORIS cannot hold: without a value, or two of one kind at once.
    """
    told = _told(session)
    rows = [row for row in range(len(session.events)) if session.parent[row] == NONE]
    keys = {row: _key(session, row, told.get(row, {})) for row in rows}
    events = session.events
    spans = {keys[row][1] for row in rows if events.start[row] < events.end[row]}
    _refuse_twice(session, keys)
    day = on.strftime("%Y-%m-%dT%H:%M:%S")
    project = {
        "time_format": "s", "project_date": day, "project_name": session.name, "project_description": "",
        "project_format_version": VERSION,
        "subjects_conf": _numbered([
            {"key": "", "name": name, "description": ""}
            for name in dict.fromkeys(key[0] for key in keys.values()) if name != NO_SUBJECT
        ]),
        "behaviors_conf": _numbered([
            _behaviour(code, code in spans) for code in dict.fromkeys(key[1] for key in keys.values())
        ]),
        "observations": {session.name: _observation(_presses(session, keys, spans, told), session, day)},
        "behavioral_categories": [], "independent_variables": {}, "coding_map": {}, "behaviors_coding_map": [],
        "converters": {},
    }  # fmt: skip
    return json.dumps(project, ensure_ascii=False, indent=1).encode("utf-8")


def _told(session: Session) -> dict[int, dict[str, list[str]]]:
    """For each row, its modifiers and comments. Raises WrongUse for anything else that hangs under a row."""
    events, kinds = session.events, {tier.name: tier.kind for tier in session.tiers}
    found: dict[int, dict[str, list[str]]] = {}
    for row in np.flatnonzero(session.parent != NONE).tolist():
        kind = kinds.get(events.actors[events.actor[row]], "")
        if kind not in _TOLD:
            raise WrongUse(
                "a row hangs under another one, and BORIS has no place for that", place=session.place(row),
                remedy="write it as .eaf or .csv",
            )  # fmt: skip
        found.setdefault(int(session.parent[row]), {}).setdefault(kind, []).append(events.codes[events.code[row]])
    return found


def _key(session: Session, row: int, told: Mapping[str, Sequence[str]]) -> Key:
    events = session.events
    code = events.codes[events.code[row]]
    if not code.strip() or "|" in code:
        raise WrongUse(
            "a row has no value, or one with “|” in it, and BORIS names no behaviour so", place=session.place(row),
            remedy="give it a plain value, or write it as .eaf or .csv",
        )  # fmt: skip
    return events.actors[events.actor[row]] or NO_SUBJECT, code, "|".join(told.get(MODIFIERS, ()))


def _refuse_twice(session: Session, keys: Mapping[int, Key]) -> None:
    """BORIS pairs presses one after another: of two bouts of one kind at once it would make two others."""
    last: dict[Key, int] = {}
    for row, key in keys.items():
        start, end = int(session.events.start[row]), int(session.events.end[row])
        if start < last.get(key, 0):
            raise WrongUse(
                f"“{key[1]}” of {key[0]} begins while it lasts already, and BORIS has no place for that",
                place=session.place(row), remedy="end the one before it first, or write it as .eaf or .csv",
            )  # fmt: skip
        last[key] = end


def _presses(
    session: Session, keys: Mapping[int, Key], spans: set[str], told: Mapping[int, Mapping[str, Sequence[str]]]
) -> list[list[object]]:
    """[time in seconds, subject, behaviour, modifiers, comment], by time; of one bout the beginning comes first."""
    found: list[tuple[int, list[object]]] = []
    for row, (subject, code, modifiers) in keys.items():
        comments = [*told.get(row, {}).get(COMMENT, ()), "", ""]
        times = (session.events.start, session.events.end) if code in spans else (session.events.start,)
        named = "" if subject == NO_SUBJECT else subject
        for time, comment in zip(times, comments, strict=False):
            ms = int(time[row])
            found.append((ms, [ms / 1000, named, code, modifiers, comment]))
    return [press for _, press in sorted(found, key=lambda one: one[0])]


def _behaviour(code: str, is_state: bool) -> dict[str, object]:
    return {
        "type": "State event" if is_state else "Point event", "key": "", "code": code, "description": "",
        "category": "", "modifiers": "", "excluded": "", "coding map": "",
    }  # fmt: skip


def _observation(events: Sequence[object], session: Session, day: str) -> dict[str, object]:
    return {
        "file": {}, "type": "LIVE", "date": day, "description": "\n".join(session.media), "time offset": 0.0,
        "events": events, "observation time interval": _interval(session), "independent_variables": {},
        "visualize_spectrogram": False, "visualize_waveform": False, "close_behaviors_between_videos": False,
        "scan_sampling_time": 0, "start_from_current_time": False,
    }  # fmt: skip


def _interval(session: Session) -> list[float]:
    """What was observed, in seconds: BORIS's own length of a live observation ends with its last event."""
    whole, last = session.watched, int(session.events.end.max(initial=0))
    if len(whole) > 1 or whole == (Span(0, last),):
        return [0, 0]
    return [whole[0].start / SECOND, whole[0].end / SECOND]


def _numbered(listed: Sequence[dict[str, object]]) -> dict[str, object]:
    return {str(at): one for at, one in enumerate(listed)}
