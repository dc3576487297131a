"""The numbers of the whole project, each with its reason, source and status; from `constants.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from attunement.errors import BadContent, WrongUse

CONSTANTS = Path(__file__).with_name("constants.toml")

Value = int | float | str | tuple[float, ...]


class Status(StrEnum):
    """How a number came to us."""

    READ = "read"
    MEMORY = "memory"
    COMPUTED = "computed"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Constant:
    """One number (or text, or list of numbers) of the whole project. `value` is None where none is meant."""

    key: str
    value: Value | None
    unit: str
    why: str
    source: str
    status: Status
    section: str


def constant(key: str) -> Constant:
    """The constant of that name. Raises WrongUse for a name that is not there."""
    found = all_constants().get(key)
    if found is None:
        raise _wrong(f"there is no constant “{key}”", "see that file for the names")
    return found


def number(key: str) -> float:
    """The value of a constant that is one number. Raises WrongUse when it is something else."""
    value = constant(key).value
    if not isinstance(value, int | float):
        raise _wrong(f"“{key}” is not one number", "ask for numbers() or text()")
    return value


def numbers(key: str) -> tuple[float, ...]:
    """The values of a constant that is a list of numbers: a range, bins, ages."""
    value = constant(key).value
    if not isinstance(value, tuple):
        raise _wrong(f"“{key}” is not a list of numbers", "ask for number() or text()")
    return value


def text(key: str) -> str:
    """The words of a constant that is a text."""
    value = constant(key).value
    if not isinstance(value, str):
        raise _wrong(f"“{key}” is not a text", "ask for number() or numbers()")
    return value


@cache
def all_constants() -> Mapping[str, Constant]:
    """Every constant by key, in the order of the file; read once. Raises BadContent."""
    return read_constants(CONSTANTS)


def read_constants(path: Path) -> Mapping[str, Constant]:
    """The constants of one file, checked. Raises BadContent naming the file, the row and what to mend."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        remedy = "mend the TOML at that line"
        raise BadContent(f"cannot be read: {error}", place=path.name, remedy=remedy) from error
    found: dict[str, Constant] = {}
    for section, rows in tables.items():
        for key, row in rows.items() if isinstance(rows, dict) else ():
            if key in found:
                raise BadContent("stands twice", place=f"{path.name}, {key}", remedy="keep one of the two")
            found[key] = _constant(key, row, section, place=f"{path.name}, {key}")
    return found


def _constant(key: str, row: object, section: str, *, place: str) -> Constant:
    if not isinstance(row, dict):
        raise BadContent("is no table", place=place, remedy="write { value, unit, status, source, why }")
    unknown = sorted(set(row) - {"value", "unit", "status", "source", "why"})
    if unknown:
        raise BadContent(f"has an unknown field “{unknown[0]}”", place=place, remedy="remove or rename it")
    said = {name: str(row.get(name, "")).strip() for name in ("unit", "status", "source", "why")}
    empty = [name for name, words in said.items() if not words]
    if empty:
        raise BadContent(f"has no {empty[0]}", place=place, remedy=f"add {empty[0]} = '...'")
    if said["status"] not in set(Status):
        remedy = f"use one of {', '.join(Status)}"
        raise BadContent(f"has the status “{said['status']}”", place=place, remedy=remedy)
    value, status = _value(row.get("value"), place), Status(said["status"])
    return Constant(key, value, said["unit"], said["why"], said["source"], status, section)


def _value(value: object, place: str) -> Value | None:
    if isinstance(value, list) and value and all(_is_number(part) for part in value):
        return tuple(value)
    if value is None or (isinstance(value, str) and value):
        return value
    if isinstance(value, int | float) and _is_number(value):
        return value
    remedy = "give a number, a list of numbers or a text"
    raise BadContent(f"has the value {value!r}", place=place, remedy=remedy)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _wrong(what: str, remedy: str) -> WrongUse:
    return WrongUse(what, place=CONSTANTS.name, remedy=remedy)
