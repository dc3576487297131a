"""BORIS projects (.boris), read: each observation is a session; states are paired from their presses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from attunement.errors import NotReadable, Severity
from attunement.events import Reading
from attunement.formats.boris_rows import NO_SUBJECT, Event, Observation, milliseconds, session
from attunement.formats.json_safely import load

VERSION = "7.0"
_GZIP = b"\x1f\x8b"


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
    return tuple(
        session(_observation(str(key), one, kinds, project, name), "boris")
        for key, one in project["observations"].items()
    )


def only_one(found: Sequence[Reading], name: str) -> Reading:
    """Raises NotReadable where there are several, or none."""
    if len(found) != 1:
        named = ", ".join(f"“{one.session.name[:30]}”" for one in found[:3]) + (", ..." if len(found) > 3 else "")
        raise NotReadable(
            f"it holds {len(found)} sessions ({named})", place=name,
            remedy="write one file for each, or read them all with attunement.formats.readings",
        )  # fmt: skip
    return found[0]


def _kinds(project: Mapping[str, object], name: str) -> dict[str, str]:
    """For each behaviour whether it is a state or a point."""
    listed = project.get("behaviors_conf", {})
    if not isinstance(listed, dict):
        _refuse("its list of behaviours is none", name)
    kinds = {}
    for one in listed.values():
        if not isinstance(one, dict) or not isinstance(one.get("code"), str) or not isinstance(one.get("type"), str):
            _refuse("one of its behaviours has no code or no type", name)
        kinds[one["code"]] = "" if one["type"].lower().startswith("state") else "POINT"
    return kinds


def _observation(
    key: str, given: object, kinds: Mapping[str, str], project: Mapping[str, object], name: str
) -> Observation:
    if not isinstance(given, dict) or not isinstance(given.get("events"), list):
        _refuse(f"its observation “{key[:40]}” has no list of events", name)
    observation = Observation(key, f"{name}, {key}")
    if (version := project.get("project_format_version")) != VERSION:
        message = f"the project has format {str(version)[:10]}; we know {VERSION} and read it as that"
        observation.note("version-not-known", "", message, Severity.NOTE)
    _media(observation, given.get("file"))
    _interval(observation, given.get("observation time interval"))
    offset = given.get("time offset", 0)
    if not _is_number(offset):
        _refuse(f"the time offset of “{key[:40]}” is no number", name)
    events = []
    unknown: dict[str, int] = {}
    for at, one in enumerate(given["events"], 1):
        event = _event(observation, one, at, kinds, float(offset))
        if event is None:
            continue
        events.append(event)
        if event.key[1] not in kinds:
            unknown[event.key[1]] = unknown.get(event.key[1], 0) + 1
    for code, times in unknown.items():
        message = f"“{code[:40]}” is not among the behaviours and may be a state; {times} points are read"
        observation.note("code-not-defined", "", message)
    observation.pair(events)
    return observation


def _event(observation: Observation, one: object, at: int, kinds: Mapping[str, str], offset: float) -> Event | None:
    """[time, subject, code, modifiers, comment, ...], or None for what is no event or has no time."""
    place = f"event {at}"
    cells: list[Any] = [*one, "", ""][:5] if isinstance(one, list) and len(one) > 2 else [None] * 5
    seconds, subject, code, modifiers, comment = cells
    if not type(subject) is type(code) is type(modifiers) is type(comment) is str:
        observation.note("event-not-read", place, "it is not a time, a subject and a behaviour; left out")
        return None
    if type(seconds) not in (float, int) or seconds != seconds:
        said = "it has no time, as in pictures without a date" if _is_nan(seconds) else f"“{seconds!s:.20}” is no time"
        observation.note("time-not-readable", place, f"{said}; left out")
        return None
    key = (subject or NO_SUBJECT, code, modifiers)
    return Event(key, milliseconds(seconds + offset), kinds.get(code, "POINT"), comment, place)


def _media(observation: Observation, given: object) -> None:
    players = given.values() if isinstance(given, dict) else ()
    for files in players:
        for one in files if isinstance(files, list) else ():
            observation.media[str(one)[:1_000]] = None


def _interval(observation: Observation, given: object) -> None:
    if isinstance(given, list) and len(given) == 2 and all(map(_is_number, given)) and given[1] > given[0]:
        message = f"only {given[0]} s to {given[1]} s was observed; rates over the whole recording would be too low"
        observation.note("observation-interval", "", message, Severity.NOTE)


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def _is_nan(given: object) -> bool:
    return isinstance(given, float) and math.isnan(given)


def _refuse(what: str, name: str) -> NoReturn:
    raise NotReadable(what, place=name, remedy="check that it is a BORIS project, and save it again in BORIS")
