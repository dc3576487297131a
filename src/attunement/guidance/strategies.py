"""The ideas to try: one row of `strategies.csv` is one `Strategy`, checked when first read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from attunement.clock import Age
from attunement.errors import WrongUse
from attunement.milestones import Checked, Strength, all_milestones, domains, how_sure
from attunement.milestones.shipped import Row, row_of, rows_of, toml_of

STRATEGIES = Path(__file__).with_name("strategies.csv")
IDEAS = Path(__file__).with_name("ideas.toml")
OLDEST_MONTHS = 36  # ideas for three-year-olds go on being offered after that

COLUMNS = (
    "id",
    "from_age",
    "to_age",
    "domain",
    "milestone_ids",
    "situation",
    "what_to_try",
    "why_it_helps",
    "source",
    "strength",
    "checked",
    "group",
    "version",
)


class Offer(StrEnum):
    """What may bring up an idea of a group unasked."""

    AGE = "age"
    MILESTONE = "milestone"  # only a milestone that the family looks out for, or a note
    NOTED = "noted"  # only what was noted: nobody is told out of the blue that she may feel low


@dataclass(frozen=True, slots=True)
class Group:
    """Some ideas under one heading."""

    id: str
    title: str
    offer: Offer


@dataclass(frozen=True, slots=True)
class Strategy:
    """Something to try, from `from_months` through `to_months` of age."""

    id: str
    from_months: int
    to_months: int
    domain: str
    milestone_ids: tuple[str, ...]
    group: str
    situation: str
    what_to_try: str
    why_it_helps: str
    source: str
    strength: Strength
    checked: Checked
    version: int

    def fits(self, age: Age) -> bool:
        return self.from_months <= min(age.months, OLDEST_MONTHS) <= self.to_months

    @property
    def how_sure(self) -> str:
        return how_sure(self.strength, self.checked)


@cache
def all_strategies() -> tuple[Strategy, ...]:
    """Every idea, in the order of the file. Raises BadContent when the file breaks its own rules."""
    return read_strategies(STRATEGIES)


def read_strategies(path: Path) -> tuple[Strategy, ...]:
    """The ideas of one file, checked. Raises BadContent naming the file, the row and what to mend."""
    return tuple(map(_strategy, rows_of(path, COLUMNS)))


def strategy(id: str) -> Strategy:
    """The idea of that name. Raises WrongUse for a name that is not there."""
    found = _by_id().get(id)
    if found is None:
        raise WrongUse(f"there is no idea “{id}”", place=STRATEGIES.name, remedy="see that file for the names")
    return found


@cache
def _by_id() -> Mapping[str, Strategy]:
    return {each.id: each for each in all_strategies()}


def strategies_for(age: Age, situation: str | None = None, *, group: str | None = None) -> tuple[Strategy, ...]:
    """The ideas for this age, of one situation or one group if asked. Raises WrongUse for an unknown one."""
    if situation is not None and situation not in situations():
        raise WrongUse(f"there is no situation “{situation}”", remedy="ask for one of situations()")
    if group is not None and group not in {each.id for each in groups()}:
        raise WrongUse(f"there is no group “{group}”", remedy="ask for one of groups()")
    return tuple(
        each
        for each in all_strategies()
        if each.fits(age) and situation in (None, each.situation) and group in (None, each.group)
    )


def situations(age: Age | None = None) -> tuple[str, ...]:
    """When an idea is for: "crying", "leaving", ...; each once, in the order of the file; of one age if asked."""
    return tuple(dict.fromkeys(each.situation for each in all_strategies() if age is None or each.fits(age)))


@cache
def groups() -> tuple[Group, ...]:
    """The headings under which the ideas stand."""
    names = ("id", "title", "offer")
    rows = (row_of(each, f"{IDEAS.name}, group {at}", names) for at, each in enumerate(ideas()["group"], 1))
    return tuple(Group(row.text("id"), row.text("title"), row.one_of("offer", Offer)) for row in rows)


@cache
def ideas() -> dict[str, Any]:
    """The file of groups and reasons, as it was read."""
    return toml_of(IDEAS)


@cache
def _milestone_ids() -> frozenset[str]:
    return frozenset(each.id for each in all_milestones())


def _strategy(row: Row) -> Strategy:
    start, end = row.whole("from_age"), row.whole("to_age")
    if not start < end <= OLDEST_MONTHS:
        row.refuse(f"is for {start} to {end} months", f"keep it in order, at most {OLDEST_MONTHS}")
    for milestone_id in row.several("milestone_ids"):
        if milestone_id not in _milestone_ids():
            row.refuse(f"names the milestone “{milestone_id}”", "use an id of milestones.csv")
    if row.text("domain") not in {each.id for each in domains()}:
        row.refuse(f"has the domain “{row.text('domain')}”", "use one of the three of the milestones")
    if row.text("group") not in {each.id for each in groups()}:
        row.refuse(f"has the group “{row.text('group')}”", f"use one of those in {IDEAS.name}")
    return Strategy(
        id=row.text("id"),
        from_months=start,
        to_months=end,
        domain=row.text("domain"),
        milestone_ids=row.several("milestone_ids"),
        group=row.text("group"),
        situation=row.text("situation"),
        what_to_try=row.text("what_to_try"),
        why_it_helps=row.text("why_it_helps"),
        source=row.text("source"),
        strength=row.one_of("strength", Strength),
        checked=row.one_of("checked", Checked),
        version=row.whole("version"),
    )
