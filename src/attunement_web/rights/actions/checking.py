"""Reads one line of a copy as a row of ours: every value by its field's kind, as strictly as an operation of a phone.

Nothing is repaired: whatever is not as we write it is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from attunement_web.families.models import Kind as Shared
from attunement_web.ledger.actions import line
from attunement_web.rights.bridge import NotOurShape, asks, codes, files_in
from attunement_web.rights.models.kinds import Kind
from attunement_web.sync.actions.fields import Refused, change_fields, instant_of, note_fields

_HEX = re.compile(r"[0-9a-f]{32}\Z")
_SEAL = re.compile(r"(?:[0-9a-f]{64})?\Z")
_SAID = ("signal", "acts", "outcome", "mended", "calm", "with_child", "feeling", "words",
         "happened_at", "local_day", "zone", "offset_minutes", "precision")  # fmt: skip


class NotOurs(ValueError):
    """Names the field that is not as we write it, never its value."""


def read_row(kind: Kind, told: Mapping[str, Any]) -> dict[str, Any]:
    """Python values by field. Raises NotOurs."""
    if told.keys() != {*kind.fields, *kind.also}:
        raise NotOurs("its fields are not those of this version")
    found = {name: _read(field, told[name]) for name, field in kind.columns.items()}
    found |= {name: _uuid(told[name], name) for name in kind.also}
    try:
        _CHECKS.get(kind.name, _nothing_more)(told)
        row = kind.table(**{field.attname: found[name] for name, field in kind.columns.items()})
        _ask_fields(kind, row, found)
    except (Refused, NotOurShape, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotOurs(str(error) if isinstance(error, NotOurs) else "a value is not as we write it") from None
    return found


def _ask_fields(kind: Kind, row: models.Model, found: Mapping[str, Any]) -> None:
    """Each field's own rules: length, choices, validators. What points elsewhere, and JSON, is looked at by itself."""
    for name, field in kind.columns.items():
        value = found[name]
        is_open = value is None or (field.blank and value in field.empty_values)
        if is_open or isinstance(field, models.ForeignKey | models.JSONField):
            continue
        try:
            field.clean(value, row)
        except ValidationError:
            raise NotOurs(f"“{name}” is not as we write it") from None


def _read(field: Any, value: Any) -> Any:
    if value is None:
        if not field.null:
            raise NotOurs(f"“{field.name}” is empty")
        return None
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    for known, take in _TAKES:
        if isinstance(field, known):
            return take(value, field.name)
    raise NotOurs(f"“{field.name}” is of a kind that no copy holds")


def _uuid(value: Any, name: str) -> UUID:
    try:
        if type(value) is str and len(value) == 36 and str(UUID(value)) == value:
            return UUID(value)
    except ValueError:
        pass
    raise NotOurs(f"“{name}” is no id")


def _instant(value: Any, name: str) -> Any:
    try:
        if type(value) is str:
            return instant_of(value)
    except Refused:
        pass
    raise NotOurs(f"“{name}” is no time")


def _day(value: Any, name: str) -> date:
    try:
        if type(value) is str and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise NotOurs(f"“{name}” is no day")


def _exactly(kind: type) -> Callable[[Any, str], Any]:
    def take(value: Any, name: str) -> Any:
        if type(value) is not kind:
            raise NotOurs(f"“{name}” is not as we write it")
        return value

    return take


def _any(value: Any, name: str) -> Any:
    return value


_TAKES: tuple[tuple[Any, Callable[[Any, str], Any]], ...] = (
    (models.UUIDField, _uuid),
    (models.DateTimeField, _instant),
    (models.DateField, _day),
    (models.BooleanField, _exactly(bool)),
    (models.IntegerField, _exactly(int)),
    ((models.CharField, models.TextField), _exactly(str)),
    (models.JSONField, _any),
)


def _nothing_more(told: Mapping[str, Any]) -> None:
    return None


def _moment(told: Mapping[str, Any]) -> None:
    note_fields({name: told[name] for name in _SAID}, {}, codes())
    if told["asks"] != asks(told["signal"]):
        raise NotOurs("“asks” does not follow from the signal")
    if type(told["field_revisions"]) is not dict or len(told["field_revisions"]) > 40:
        raise NotOurs("“field_revisions” is not as we write it")
    for name, mark in told["field_revisions"].items():
        revision, device, person = mark
        if type(revision) is not int or len(name) > 16 or not all(_is_hex(one) for one in (device, person)):
            raise NotOurs("“field_revisions” is not as we write it")


def _is_hex(value: Any) -> bool:
    return type(value) is str and (value == "" or _HEX.match(value) is not None)


def _other_version(told: Mapping[str, Any]) -> None:
    change_fields(told["value"] if told["field"] == "when" else {told["field"]: told["value"]}, codes())


def _recording(told: Mapping[str, Any]) -> None:
    if len(files_in(json.dumps({"files": told["shown"]}).encode())) != told["sessions"]:
        raise NotOurs("“sessions” is not how many there are")


def _grant(told: Mapping[str, Any]) -> None:
    if type(told["kinds"]) is not list or not set(told["kinds"]) <= set(Shared.values):
        raise NotOurs("“kinds” names something that is not shared")


def _ledger_line(told: Mapping[str, Any]) -> None:
    """Ids, codes and counts only: no words slip in under the name of the ledger."""
    line(told["event"], told["about_kind"], UUID(told["about_id"]), None, **told["facts"])
    if not _SEAL.match(told["mac"]) or not re.match(r"[a-z_]+\.[a-z_]+\Z", told["about_kind"]):
        raise NotOurs("this line of the ledger is not as we write it")


_CHECKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "moments": _moment, "other_versions": _other_version, "recordings": _recording, "grants": _grant,
    "ledger": _ledger_line, "ledger_before": _ledger_line,
}  # fmt: skip
