"""Understands the fields of a note or a change, and says with a code what is wrong. Pure: no database, no clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from attunement_web.diary.models import FARTHEST_OFFSET, MOST_ACTS, MOST_WORDS, Feeling, Precision
from attunement_web.sync.bridge import Codes

YEARS = range(1900, 2200)  # a phone's clock may be years wrong; beyond these the value is no time at all
MOST_NAME = 80  # characters of who was there
WHEN = ("happened_at", "local_day", "zone", "offset_minutes", "precision")
SAID_NOTHING: dict[str, Any] = {
    "signal": "", "outcome": "", "mended": None, "calm": None, "with_child": "", "feeling": "", "words": "",
}  # fmt: skip
_ZONE = re.compile(r"[A-Za-z0-9_+\-/]{1,64}\Z")  # phones know newer names than we do, so only the shape is asked
_UNTOLD = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL holds no NUL, and no UTF-8 half a pair of surrogates
_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"
)  # as phones write it; takes half as long
_FEELINGS = frozenset({"", *Feeling.values})
_PRECISIONS = frozenset(Precision.values)


class Refused(Exception):
    """Carries the code of what is wrong, never the text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def note_fields(fields: Mapping[str, Any], around: Mapping[str, Any], codes: Codes) -> dict[str, Any]:
    """All of a moment; zone and offset are those of the operation `around` them unless said here."""
    found = {**SAID_NOTHING, "acts": []}
    for name, value in fields.items():
        take = _TAKES.get(name)
        if take is not None:
            found[name] = take(value, codes)
        elif name not in WHEN:
            raise Refused("unknown-field")
    if "child" in found:
        raise Refused("unknown-field")  # of a note it stands outside
    found["when"] = when_of({**fields, **{name: around.get(name) for name in WHEN if name not in fields}})
    return found


def change_fields(fields: Mapping[str, Any], codes: Codes) -> dict[str, Any]:
    """Only what is set anew; the five fields of time come together."""
    when = {name: fields[name] for name in WHEN if name in fields}
    found = {name: _taken(name, value, codes) for name, value in fields.items() if name not in when}
    if when:
        found["when"] = when_of(when)
    return found


def when_of(fields: Mapping[str, Any]) -> tuple[datetime, date, str, int, str]:
    parts: tuple[Any, ...] = tuple(map(fields.get, WHEN))
    if None in parts:
        raise Refused("missing-field")
    happened_at, local_day, zone, offset, precision = parts
    is_place = type(zone) is str and _ZONE.match(zone)
    if not is_place or type(offset) is not int or not -FARTHEST_OFFSET <= offset <= FARTHEST_OFFSET:
        raise Refused("bad-value")
    precision = _one_of(precision, _PRECISIONS)
    return instant_of(happened_at), _day(local_day), zone, offset, precision


def instant_of(value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is not None:
            return _in_years(at.astimezone(UTC))
    except (TypeError, ValueError, OverflowError):
        pass
    raise Refused("bad-value")


def _day(value: Any) -> date:
    try:
        return _in_years(date.fromisoformat(value))
    except (TypeError, ValueError):
        raise Refused("bad-value") from None


def _in_years(value: Any) -> Any:
    if value.year not in YEARS:
        raise Refused("bad-value")
    return value


def _taken(name: str, value: Any, codes: Codes) -> Any:
    take = _TAKES.get(name)
    if take is None:
        raise Refused("unknown-field")
    return take(value, codes)


def _acts(value: Any, codes: Codes) -> list[str]:
    if type(value) is not list or any(type(act) is not str for act in value):
        raise Refused("bad-value")
    if len(value) > MOST_ACTS:
        raise Refused("too-long")
    return [_one_of(act, codes.acts) for act in value]


def _one_of(value: Any, known: frozenset[str]) -> str:
    if type(value) is not str:
        raise Refused("bad-value")
    if value not in known:
        raise Refused("unknown-code")
    return value


def _text(value: Any, most: int) -> str:
    if type(value) is not str:
        raise Refused("bad-value")
    if len(value) > most:
        raise Refused("too-long")
    if _UNTOLD.search(value):
        raise Refused("bad-text")
    return value


def _mended(value: Any, codes: Codes) -> bool | None:
    if value is None or type(value) is bool:
        return value
    raise Refused("bad-value")


def _calm(value: Any, codes: Codes) -> int | None:
    if value is None or (type(value) is int and 0 <= value <= 3):
        return value
    raise Refused("bad-value")


def uuid_of(value: Any) -> UUID:
    try:
        if type(value) is str and len(value) == 36:
            return UUID(int=int(value.replace("-", ""), 16)) if _ID.match(value) else UUID(value)
    except ValueError:
        pass
    raise Refused("bad-value")


@lru_cache(maxsize=1024)
def _known_id(value: str) -> UUID:
    """Of a child: the same in every operation of a push."""
    return uuid_of(value)


def child_of(value: Any) -> UUID:
    return _known_id(value) if type(value) is str else uuid_of(value)


_TAKES: dict[str, Callable[[Any, Codes], Any]] = {
    "signal": lambda value, codes: _one_of(value, codes.signals),
    "acts": _acts,
    "outcome": lambda value, codes: _one_of(value, codes.outcomes),
    "mended": _mended,
    "calm": _calm,
    "with_child": lambda value, codes: _text(value, MOST_NAME),
    "feeling": lambda value, codes: _one_of(value, _FEELINGS),
    "words": lambda value, codes: _text(value, MOST_WORDS),
    "child": lambda value, codes: child_of(value),
}
