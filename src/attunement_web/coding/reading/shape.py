"""What a reader may answer: exactly this shape, in bounds, or it is not believed. Nothing of it is repaired."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from attunement_web.coding.reading.drawing import is_ours

Check = Callable[[Any], bool]

LONGEST = 200_000  # characters of any one text; names in a file may be 64 KiB, and a summary holds several
MOST_ROWS = 200_000  # of a table, or issues; all of an answer is bounded already
MOST_PARTS = 200  # columns, sentences, facts, sections
DEEPEST = 8  # measures inside measures
_SLUG = re.compile(r"[a-z][a-z-]{0,39}")


class NotOurShape(Exception):
    """The answer is not what our reader says."""


def files_in(answer: bytes) -> list[dict[str, Any]]:
    """The checked records of a file's sessions, each with its report. Raises NotOurShape."""
    told = _loaded(answer)
    if not _FILES(told):
        raise NotOurShape
    return list(told["files"])


def refusal_in(answer: bytes) -> str:
    """Why a reader did not read it. Raises NotOurShape."""
    told = _loaded(answer)
    if not _fields(refused=_text)(told):
        raise NotOurShape
    return str(told["refused"])


def _loaded(answer: bytes) -> Any:
    try:
        return json.loads(answer, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotOurShape from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and _storable(value)


def _storable(value: str) -> bool:
    """Such that every database holds it: no zero byte, no half of a surrogate pair."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _slug(value: Any) -> bool:
    return isinstance(value, str) and _SLUG.fullmatch(value) is not None


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _svg(value: Any) -> bool:
    return isinstance(value, str) and _storable(value) and is_ours(value)


def _fields(**checks: Check) -> Check:
    """These names, all of them, and no other."""

    def check(value: Any) -> bool:
        if not isinstance(value, dict) or value.keys() != checks.keys():
            return False
        return all(holds(value[name]) for name, holds in checks.items())

    return check


def _several(of: Check, *, least: int = 0, most: int = MOST_ROWS) -> Check:
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(of, value))


def _maybe(of: Check) -> Check:
    return lambda value: value is None or of(value)


def _one_of(*words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words


def _numbers(value: Any, depth: int = 0) -> bool:
    """Measures: any JSON, as deep as ours goes, every number finite."""
    if isinstance(value, dict):
        return depth < DEEPEST and all(_text(key) and _numbers(each, depth + 1) for key, each in value.items())
    if isinstance(value, list):
        return depth < DEEPEST and all(_numbers(each, depth + 1) for each in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, bool | int) or _text(value)


def _session(value: Any) -> bool:
    """`name` only where a file holds several."""
    plain = {"duration_ms": _whole, "events": _whole, "actors": _several(_text)}
    return _fields(**plain)(value) or _fields(name=_text, **plain)(value)


_TABLE = _fields(
    caption=_text,
    head=_several(_text, least=1, most=MOST_PARTS),
    rows=_several(_several(_text, least=1, most=MOST_PARTS)),
)
_PICTURE = _fields(svg=_svg, title=_text, summary=_text, width=_whole, height=_whole)
_SECTION = _fields(
    key=_slug, heading=_text, sentences=_several(_text, most=MOST_PARTS), basis=_text, table=_maybe(_TABLE),
    pictures=_several(_PICTURE, most=2),
)  # fmt: skip
_REPORT = _fields(
    title=_text, made_with=_text, closing=_text, facts=_several(_several(_text, least=2, most=2), most=MOST_PARTS),
    sections=_several(_SECTION, most=MOST_PARTS),
)  # fmt: skip
_ISSUE = _fields(code=_text, severity=_one_of("note", "warning", "error"), place=_text, message=_text)
_SOURCE = _fields(name=_text, sha256=_text, format=_text)
_FILE = _fields(
    file=_SOURCE, scheme=_fields(name=_text, version=_text), session=_session, issues=_several(_ISSUE), measures=_numbers,
    report=_REPORT,
)  # fmt: skip
_FILES = _fields(files=_several(_FILE, least=1, most=100))
