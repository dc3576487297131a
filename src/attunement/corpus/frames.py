"""What was measured in one recording, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Literal, get_args

import polars as pl

from attunement.errors import Issue, WrongUse
from attunement.measures import Budget, Measures, State, as_json
from attunement.measures.rules import Json
from attunement.reports import Measured

Part = Literal["numbers", "contingency", "states", "budgets", "events", "issues"]
Kinds = dict[str, type[pl.DataType]]

_NUMBERS: Kinds = {"measure": pl.String, "number": pl.String, "value": pl.Float64}
_EVENTS: Kinds = {"actor": pl.String, "code": pl.String, "start_ms": pl.Int64, "end_ms": pl.Int64}
_ISSUES: Kinds = {"code": pl.String, "severity": pl.String, "place": pl.String, "message": pl.String}
_CONTINGENCY: Kinds = {
    "signals": pl.String, "acts": pl.String, "caregiver": pl.String,
    "a": pl.Int64, "b": pl.Int64, "c": pl.Int64, "d": pl.Int64,
    "odds_ratio": pl.Float64, "yules_q": pl.Float64, "chance": pl.Float64, "p": pl.Float64,
}  # fmt: skip
_MANY = ("states", "budgets", "transitions", "lags", "contingency")  # measures of more than one number a name


def to_frame(found: Measured, part: Part = "numbers") -> pl.DataFrame:
    """One table of a measured recording; `.to_pandas()` where you want it so.

    numbers: a row for each single number: its measure, its key in the JSON, its value; null where it is too little to say.
    contingency: a row for each pair of tracks; a, b, c, d count time units. states, budgets: a row an actor and code.
    events: a row for each event that was counted, in ms from the recording's beginning. issues: what was met on the way.
    Where an issue forbids numbers, the first four are empty. Raises WrongUse for another part.
    """
    if part == "events":
        return _events(found)
    if part == "issues":
        return pl.DataFrame([_issue(one) for one in found.issues], _ISSUES, orient="row")
    measures = found.measures
    if part == "states":
        by = measures.states.by if measures and measures.states else {}
        return _by_code(by, _kinds(State))
    if part == "budgets":
        return _by_code(measures.budgets.by if measures and measures.budgets else {}, _kinds(Budget))
    if part == "contingency":
        return pl.DataFrame(_pairs(measures) if measures else [], _CONTINGENCY, orient="row")
    if part != "numbers":
        raise WrongUse(f"there is no table “{part}”", remedy=f"there are {', '.join(get_args(Part))}")
    told = as_json(measures) if measures else {}
    rows = [(name, *row) for name, one in told.items() if name not in _MANY for row in _numbers(one)]
    return pl.DataFrame(rows, _NUMBERS, orient="row")


def _events(found: Measured) -> pl.DataFrame:
    events = found.coding.events
    actors = [events.actors[at] for at in events.actor.tolist()]
    codes = [events.codes[at] for at in events.code.tolist()]
    return pl.DataFrame([actors, codes, events.start, events.end], _EVENTS)


def _issue(one: Issue) -> tuple[str, str, str, str]:
    return one.code, str(one.severity), one.place, one.message


def _by_code(by: Mapping[str, Mapping[str, State]] | Mapping[str, Mapping[str, Budget]], kinds: Kinds) -> pl.DataFrame:
    rows = [{"actor": actor, "code": code, **asdict(one)} for actor, codes in by.items() for code, one in codes.items()]
    return pl.DataFrame(rows, {"actor": pl.String, "code": pl.String, **kinds})


def _kinds(row: type[State] | type[Budget]) -> Kinds:
    """Counts and sums are whole; the rest are means, shares and rates."""
    return {one.name: pl.Int64 if one.type == "int" else pl.Float64 for one in fields(row)}


def _pairs(measures: Measures) -> list[tuple[object, ...]]:
    return [
        (
            "all" if one.pair.asking is None else str(one.pair.asking), "fitting" if one.pair.fitting else "all",
            one.pair.caregiver, one.table.a, one.table.b, one.table.c, one.table.d,
            one.table.odds_ratio if one.told else None, one.table.yules_q if one.told else None, one.chance, one.p,
        )
        for one in measures.contingency or ()
    ]  # fmt: skip


def _numbers(one: Json, key: str = "") -> Iterator[tuple[str, float | None]]:
    """The single numbers of a measure by their keys, as "conversations.number"; two in a list are its low and high end."""
    if isinstance(one, dict):
        for name, value in one.items():
            if name != "parameters":
                yield from _numbers(value, f"{key}.{name}" if key else name)
    elif isinstance(one, list):
        for end, value in zip(("low", "high"), one, strict=False) if len(one) == 2 else ():
            yield from _numbers(value, f"{key}.{end}")
    elif one is None or isinstance(one, int | float):
        yield key, one
