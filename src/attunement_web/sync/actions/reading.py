"""Understands one operation as a phone sent it, however old its outbox. Pure: no database, no clock.

Whatever JSON comes in, either an `Asked` comes out or the code of what is wrong with it; nothing is raised.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from attunement_web.sync.actions.fields import Refused, change_fields, child_of, note_fields, uuid_of
from attunement_web.sync.bridge import Codes

CURRENT = 1  # the schema that phones write today
TYPES = frozenset({"note", "change", "remove", "restore"})
NAMES = frozenset({"seq", "schema", "type", "entity", "child", "base", "at", "zone", "offset_minutes", "fields"})
TOO_DEEP = '"too deep"'  # what is kept of JSON nested beyond all sense

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(slots=True)
class Asked:
    """An operation that makes sense by itself; whether it may be done is not its to know."""

    type: str
    entity: UUID
    child: UUID
    base: int
    fields: dict[str, Any]


@dataclass(slots=True)
class Item:
    """One operation of a push: its number (None: it has none), its hash, its text, and what it asks or why not."""

    seq: int | None
    hash: str
    text: str  # ASCII: what no database could hold stands there escaped
    asked: Asked | str


def read_item(raw: Any, codes: Codes) -> Item:
    try:
        text = _canonical(raw)
    except (RecursionError, ValueError):
        text = TOO_DEEP
    digest = hashlib.sha256(text.encode()).hexdigest()
    seq = raw.get("seq") if isinstance(raw, dict) else None
    if type(seq) is not int or seq < 1:
        return Item(None, digest, text, "no-seq")
    return Item(seq, digest, text, "too-deep" if text is TOO_DEEP else read(raw, codes))


def read(raw: Mapping[str, Any], codes: Codes) -> Asked | str:
    """What is asked, or a code. Each outbox version ever written has a reader of its own in `READERS`."""
    schema = raw.get("schema")
    reader = READERS.get(schema) if type(schema) is int else None
    if reader is None:
        return "unknown-schema"
    try:
        return reader(raw, codes)
    except Refused as refused:
        return refused.reason


def _read_1(raw: Mapping[str, Any], codes: Codes) -> Asked:
    kind, fields, base = raw.get("type"), raw.get("fields"), raw.get("base", 0)
    if not isinstance(kind, str) or kind not in TYPES:
        raise Refused("unknown-type")
    if not NAMES.issuperset(raw):
        raise Refused("unknown-field")
    if not isinstance(fields, dict) or type(base) is not int or base < 0:
        raise Refused("bad-value")
    if kind == "note":
        given = note_fields(fields, raw, codes)
    elif kind == "change":
        given = change_fields(fields, codes)
    elif fields:
        raise Refused("unknown-field")
    else:
        given = {}
    return Asked(kind, uuid_of(raw.get("entity")), child_of(raw.get("child")), base, given)


READERS: dict[int, Callable[[Mapping[str, Any], Codes], Asked]] = {1: _read_1}
