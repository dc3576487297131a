"""BORIS projects (.boris), read: each observation is a session; states are paired from their presses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite, isnan
from typing import Any, NoReturn

import numpy as np

from attunement.clock import LONGEST_MS, Span
from attunement.errors import NotReadable, Severity
from attunement.events import Reading
from attunement.formats.boris_rows import (
    NO_SUBJECT,
    POINT,
    STATE,
    Observation,
    Presses,
    milliseconds,
    numbered,
    paired,
    session,
)  # fmt: skip
from attunement.formats.json_safely import load
from attunement.formats.rows import show_time

VERSION = "7.0"
_GZIP = b"\x1f\x8b"

Columns = tuple[Sequence[Any], ...]


def read(data: bytes, name: str) -> Reading:
    """The one observation of a project. Raises NotReadable, also for a project with several: see `read_all`."""
    return only_one(read_all(data, name), name)


def read_all(data: bytes, name: str) -> tuple[Reading, ...]:
    """Every observation of a project, in the file's order. Raises NotReadable."""
    if data.startswith(_GZIP):
        raise NotReadable("it is compressed (.gz)", place=name, remedy="unpack it first, or save it again as .boris")
    project = load(data, name)
    if not isinstance(project, dict) or not isinstance(project.get("observations"), dict):
        _refuse("it holds no observations, as every BORIS project does", name)
    kinds = _kinds(project, name)
    return tuple(_observation(str(key), one, kinds, project, name) for key, one in project["observations"].items())


def only_one(found: Sequence[Reading], name: str) -> Reading:
    """Raises NotReadable where there are several, or none."""
    if len(found) != 1:
        named = ", ".join(f"“{one.session.name[:30]}”" for one in found[:3]) + (", ..." if len(found) > 3 else "")
        raise NotReadable(
            f"it holds {len(found)} sessions ({named})", place=name,
            remedy="write one file for each, or read them all with attunement.formats.readings",
        )  # fmt: skip
    return found[0]


def _kinds(project: Mapping[str, object], name: str) -> dict[str, int]:
    """For each behaviour whether it is a state or a point."""
    listed = project.get("behaviors_conf", {})
    if not isinstance(listed, dict):
        _refuse("its list of behaviours is none", name)
    kinds = {}
    for one in listed.values():
        if not isinstance(one, dict) or not isinstance(one.get("code"), str) or not isinstance(one.get("type"), str):
            _refuse("one of its behaviours has no code or no type", name)
        kinds[one["code"]] = STATE if one["type"].lower().startswith("state") else POINT
    return kinds


def _observation(
    key: str, given: object, kinds: Mapping[str, int], project: Mapping[str, object], name: str
) -> Reading:
    if not isinstance(given, dict) or not isinstance(given.get("events"), list):
        _refuse(f"its observation “{key[:40]}” has no list of events", name)
    observation = Observation(key, f"{name}, {key}")
    if (version := project.get("project_format_version")) != VERSION:
        message = f"the project has format {str(version)[:10]}; we know {VERSION} and read it as that"
        observation.note("version-not-known", "", message, Severity.NOTE)
    _media(observation, given.get("file"))
    offset = given.get("time offset", 0)
    if not _is_number(offset):
        _refuse(f"the time offset of “{key[:40]}” is no number", name)
    _length(observation, given, float(offset))
    number, events = _events(observation, given["events"])
    presses = _presses(number, events, kinds, float(offset))
    times = np.bincount(presses.key, minlength=len(presses.keys)).tolist()
    unknown: Counter[str] = Counter()
    for (_, code, _), count in zip(presses.keys, times, strict=True):
        if code not in kinds:
            unknown[code] += count
    for code, count in unknown.items():
        message = f"“{code[:40]}” is not among the behaviours and may be a state; {count} points are read"
        observation.note("code-not-defined", "", message)
    return session(observation, presses, paired(presses, observation), "boris")


def _events(observation: Observation, given: Sequence[object]) -> tuple[Sequence[int], Columns]:
    """The numbers of the events, from 1, and [time, subject, code, modifiers, comment] of them as columns."""
    try:
        columns = tuple(zip(*given, strict=True))
    except (TypeError, ValueError):
        columns = ()
    if len(columns) > 4 and _is_plain(given, columns[:5]):
        return range(1, len(given) + 1), columns[:5]
    events = {at: event for at, one in enumerate(given, 1) if (event := _event(observation, one, f"event {at}"))}
    return list(events), tuple(zip(*events.values(), strict=True)) or ((),) * 5


def _is_plain(given: Sequence[object], columns: Columns) -> bool:
    seconds, *words = columns
    return (
        set(map(type, given)) == {list} and set(map(type, seconds)) <= {float, int} and not any(map(isnan, seconds))
        and all(set(map(type, column)) == {str} for column in words)
    )  # fmt: skip


def _event(observation: Observation, one: object, place: str) -> tuple[float, str, str, str, str] | None:
    """The time, subject, code, modifiers and comment of an event, or None for what is none or has no time."""
    cells: list[Any] = [*one, "", ""][:5] if isinstance(one, list) and len(one) > 2 else [None] * 5
    seconds, subject, code, modifiers, comment = cells
    if not type(subject) is type(code) is type(modifiers) is type(comment) is str:
        observation.note("event-not-read", place, "it is not a time, a subject and a behaviour; left out")
        return None
    if type(seconds) not in (float, int) or seconds != seconds:
        said = "it has no time, as in pictures without a date" if _is_nan(seconds) else f"“{seconds!s:.20}” is no time"
        observation.note("time-not-readable", place, f"{said}; left out")
        return None
    return seconds, subject, code, modifiers, comment


def _presses(number: Sequence[int], columns: Columns, kinds: Mapping[str, int], offset: float) -> Presses:
    seconds, subject, code, modifiers, comment = columns
    who = [one or NO_SUBJECT for one in subject] if "" in subject else subject
    keys, key = numbered(zip(who, code, modifiers, strict=True))
    status = np.array([kinds.get(code, POINT) for _, code, _ in keys], np.int8)[key]
    ms = milliseconds(np.array(seconds, np.float64) + offset)
    return Presses(keys, key, ms, status, list(zip(comment, strict=True)), "event", np.array(number, np.int64))


def _media(observation: Observation, given: object) -> None:
    players = given.values() if isinstance(given, dict) else ()
    for files in players:
        for one in files if isinstance(files, list) else ():
            observation.media[str(one)[:1_000]] = None


def _length(observation: Observation, given: Mapping[str, Any], offset: float) -> None:
    """How long it lasts and what of it was observed, which is what BORIS divides by: its media, or its interval of them.

    An interval that ends at 0 ends with the media. The offset moves both, as it moves the events.
    """
    media, (begin, end) = _media_seconds(given), _interval(given.get("observation time interval"))
    if not media and not end:
        return
    starts, stops, lasts = milliseconds(np.array([begin, end or media, media or end], np.float64) + offset).tolist()
    observation.lasts_ms = lasts if lasts <= LONGEST_MS else 0
    observation.observed = Span(starts, stops if end else LONGEST_MS)
    if begin > 0 or 0 < end < media:
        message = (
            f"only {show_time(starts)} to {show_time(stops)} was observed; rates and shares are of that time alone"
        )
        observation.note("observation-interval", "", message, Severity.NOTE)


def _interval(given: object) -> tuple[float, float]:
    """Its beginning and end in seconds; an end of 0 is the end of the media."""
    if isinstance(given, list) and len(given) == 2 and all(map(_is_number, given)):
        begin, end = given
        if end > begin or end == 0:
            return begin, end
    return 0, 0


def _media_seconds(given: Mapping[str, Any]) -> float:
    """The longest player's files one after another; 0 where no player's lengths are all known."""
    info = given.get("media_info")
    lengths = info.get("length") if isinstance(info, dict) else None
    players = given.get("file")
    if not isinstance(lengths, dict) or not isinstance(players, dict):
        return 0.0
    known: list[list[Any]] = [
        [lengths.get(str(one)) for one in files] for files in players.values() if isinstance(files, list)
    ]
    sound = (player for player in known if all(_is_number(one) and one > 0 for one in player))
    return max(map(float, map(sum, sound)), default=0.0)


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and isfinite(given)


def _is_nan(given: object) -> bool:
    return isinstance(given, float) and isnan(given)


def _refuse(what: str, name: str) -> NoReturn:
    raise NotReadable(what, place=name, remedy="check that it is a BORIS project, and save it again in BORIS")
