"""Reads a scheme from its TOML file and refuses one that contradicts itself."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar, get_args

import numpy as np

from attunement.errors import BadScheme
from attunement.events import Bools
from attunement.schemes.scheme import Code, Endings, Function, Kind, Role, Rule, Scheme

BUILT_IN = ("attunement", "aclew", "lena-segments", "lena", "chat", "vtc", "childproject")
_KEYS = {"name", "version", "title", "about", "codes", "serves", "also_fits", "matching", "observed", "known_by",
         "rules", "skip", "endings"}  # fmt: skip
_REMEDY = "see docs/reference/schemes"
_CONTENT = files("attunement.schemes") / "content"


@cache
def scheme(name: str) -> Scheme:
    """A built-in scheme by its name, or one from a TOML file by its path. Raises BadScheme."""
    if name in BUILT_IN:
        return _read(_CONTENT / f"{name}.toml", lambda table: _CONTENT / table)
    path = Path(name)
    if not path.is_file():
        known = ", ".join(BUILT_IN)
        raise BadScheme("there is no scheme of this name", place=name, remedy=f"use {known}, or a .toml file")
    return _read(path, lambda table: path.parent / table)


def _read(source: Traversable, beside: Callable[[str], Traversable]) -> Scheme:
    place = source.name
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadScheme(f"not readable as TOML ({error})", place=place, remedy="mend that line") from None
    try:
        return _built(data, beside)
    except BadScheme as error:
        raise BadScheme(error.what, place=place, remedy=error.remedy) from None
    except KeyError as error:
        raise BadScheme(f"the key {error} is missing", place=place, remedy=_REMEDY) from None
    except (TypeError, ValueError, AttributeError, OSError) as error:
        raise BadScheme(f"a part is of the wrong kind ({error!r})", place=place, remedy=_REMEDY) from None


def _built(data: Mapping[str, Any], beside: Callable[[str], Traversable]) -> Scheme:
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise BadScheme(f"unknown key “{unknown[0]}”", remedy=f"known are {', '.join(sorted(_KEYS))}")
    listed = data["codes"]
    codes = tuple(_numbered(_rows(beside(listed)) if isinstance(listed, str) else listed, "code", _code))
    _refuse_doubles(codes)
    ending = {key: frozenset(ids) for key, ids in data.get("endings", {}).items()}
    _refuse_unknown(codes, {code for ids in ending.values() for code in ids}, "endings")
    return Scheme(
        name=data["name"], version=str(data["version"]), title=data["title"], about=data.get("about", ""),
        codes=codes, rules=tuple(_numbered(data["rules"], "rule", _rule)),
        skipped_tiers=tuple(re.compile(tier) for part in data.get("skip", []) for tier in part["tiers"]),
        observed_tiers=tuple(map(re.compile, data.get("observed", {}).get("tiers", []))),
        endings=Endings(**ending), fits=_fits(codes, data), matches=_matches(codes, data["matching"]),
        known_by=tuple(map(re.compile, data.get("known_by", {}).get("tiers", []))),
    )  # fmt: skip


Part = TypeVar("Part")


def _numbered(
    rows: Sequence[Mapping[str, Any]], what: str, made: Callable[[Mapping[str, Any]], Part]
) -> Iterator[Part]:
    """Each row made; of one that cannot be, it is said which one and why."""
    for number, row in enumerate(rows, start=1):
        try:
            yield made(row)
        except KeyError as error:
            raise BadScheme(f"{what} {number}: the key {error} is missing", remedy=_REMEDY) from None
        except re.error as error:
            why = f"{what} {number}: “{error.pattern!s:.60}” is no pattern ({error.msg})"
            raise BadScheme(why, remedy="see “Regular expression syntax” in Python's documentation") from None
        except (TypeError, ValueError, AttributeError) as error:
            raise BadScheme(f"{what} {number}: of the wrong kind ({error})", remedy=_REMEDY) from None


def _rows(table: Traversable) -> list[dict[str, Any]]:
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    return [
        {
            "id": row["id"], "role": row["role"], "kind": row["kind"], "function": row["function"] or None,
            "upset": row["upset"] == "yes", "sound": row["sound"] == "yes",
            "from_month": int(row["from_month"]), "to_month": int(row["to_month"]),
            "wording": row["caregiver_wording"], "clinical": row["clinical_wording"], "source": row["source"],
        }
        for row in rows
    ]  # fmt: skip


def _code(row: Mapping[str, Any]) -> Code:
    given = dict(row)
    for key, allowed in (("role", get_args(Role)), ("kind", get_args(Kind))):
        if given.get(key) not in allowed:
            what = f"code “{given.get('id')}” has {key} “{given.get(key)}”"
            raise BadScheme(what, remedy=f"use {', '.join(allowed)}")
    function = given.pop("function", None)
    code = Code(**given, function=Function(function) if function else None)
    if code.kind in ("signal", "act") and code.function is None:
        raise BadScheme(f"code “{code.id}” is a {code.kind} without a function", remedy="say what it asks or serves")
    if code.from_month > code.to_month:
        raise BadScheme(f"code “{code.id}” ends before it begins", remedy="check from_month and to_month")
    return code


def _refuse_doubles(codes: Sequence[Code]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code.id in seen:
            raise BadScheme(f"code “{code.id}” stands twice", remedy="give each code one id")
        seen.add(code.id)


def _refuse_unknown(codes: Sequence[Code], named: set[str], where: str) -> None:
    unknown = sorted(named - {code.id for code in codes})
    if unknown:
        raise BadScheme(f"{where} names “{unknown[0]}”, which is no code", remedy="add the code or drop the name")


def _rule(row: Mapping[str, Any]) -> Rule:
    under = {tier: re.compile(value) for tier, value in row.get("under", {}).items()}
    value = re.compile(row["value"], re.DOTALL) if "value" in row else None
    kind = re.compile(row["kind"]) if "kind" in row else None
    return Rule(re.compile(row["tier"]), under, row["actor"], row["code"], row.get("role"), value, kind)


def _fits(codes: Sequence[Code], data: Mapping[str, Any]) -> Bools:
    serves = {Function(asked): {Function(f) for f in acts} for asked, acts in data["serves"].items()}
    fits = np.array([[_serves(signal, act, serves) for act in codes] for signal in codes], np.bool_).reshape(
        len(codes), len(codes)
    )
    at = {code.id: place for place, code in enumerate(codes)}
    for pair in data.get("also_fits", []):
        _refuse_unknown(codes, {*pair["signals"], *pair["acts"]}, "also_fits")
        fits[np.ix_([at[s] for s in pair["signals"]], [at[a] for a in pair["acts"]])] = True
    return fits


def _serves(signal: Code, act: Code, serves: Mapping[Function, set[Function]]) -> bool:
    if signal.kind != "signal" or act.kind != "act":
        return False
    return Function.ANY in (signal.function, act.function) or act.function in serves.get(signal.function, set())  # type: ignore[arg-type]  # a signal has a function, see _code


def _matches(codes: Sequence[Code], matching: Mapping[str, Any]) -> Bools:
    if matching.get("by") == "function":
        return np.array([[_match(a, b) for b in codes] for a in codes], np.bool_).reshape(len(codes), len(codes))
    at = {code.id: place for place, code in enumerate(codes)}
    matches = np.zeros((len(codes), len(codes)), np.bool_)
    for pair in matching["pairs"]:
        _refuse_unknown(codes, {*pair["child"], *pair["caregiver"]}, "matching")
        matches[np.ix_([at[c] for c in pair["child"]], [at[c] for c in pair["caregiver"]])] = True
    return matches


def _match(a: Code, b: Code) -> bool:
    child, caregiver = (a, b) if a.role == "child" else (b, a)
    if (child.role, caregiver.role) != ("child", "caregiver") or child.function is None:
        return False
    return caregiver.kind == "act" and (child.function == caregiver.function)
