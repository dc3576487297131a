"""The milestones themselves: one row of `milestones.csv` is one `Milestone`, checked when first read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from attunement.constants import numbers
from attunement.errors import WrongUse
from attunement.milestones.shipped import Row, row_of, rows_of, toml_of
from attunement.milestones.strength import Checked, Strength, how_sure

MILESTONES = Path(__file__).with_name("milestones.csv")
ABOUT = Path(__file__).with_name("about.toml")

COLUMNS = (
    "id",
    "age_months",
    "window_start_months",
    "window_end_months",
    "domain",
    "statement_caregiver",
    "statement_clinical",
    "cue_examples",
    "in_seed",
    "source",
    "flag",
    "evidence",
    "strength",
    "checked",
    "phase",
    "version",
)


class Flag(StrEnum):
    """What "not yet" leads to at the checkpoint age."""

    NONE = "none"
    ASK = "ask-your-doctor-if-not-yet"
    LOSS = "loss-of-skill"


class Window(NamedTuple):
    """The months of age, both counted in, in which most children begin to show it."""

    start: int
    end: int

    def holds(self, months: int) -> bool:
        return self.start <= months <= self.end


@dataclass(frozen=True, slots=True)
class Domain:
    """One of the three capacities that grow in the first years."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something to look out for. `age_months` is its checkpoint; `evidence` is the note for practitioners."""

    id: str
    age_months: int
    window: Window
    domain: str
    statement: str
    clinical: str
    cue_examples: tuple[str, ...]
    in_seed: str
    source: str
    flag: Flag
    evidence: str
    strength: Strength
    checked: Checked
    phase: bool  # comes and, for most children, goes again by itself: "gone" is not offered
    version: int

    @property
    def from_seed(self) -> bool:
        """Whether one of the two founding articles names it."""
        return self.in_seed.startswith("yes")

    @property
    def how_sure(self) -> str:
        return how_sure(self.strength, self.checked)


@cache
def all_milestones() -> tuple[Milestone, ...]:
    """Every milestone, by age. Raises BadContent when the file breaks its own rules."""
    return read_milestones(MILESTONES)


def read_milestones(path: Path) -> tuple[Milestone, ...]:
    """The milestones of one file, checked. Raises BadContent naming the file, the row and what to mend."""
    return tuple(map(_milestone, rows_of(path, COLUMNS)))


def milestone(id: str) -> Milestone:
    """The milestone of that name. Raises WrongUse for a name that is not there."""
    found = _by_id().get(id)
    if found is None:
        raise WrongUse(f"there is no milestone “{id}”", place=MILESTONES.name, remedy="see that file for names")
    return found


@cache
def _by_id() -> Mapping[str, Milestone]:
    return {each.id: each for each in all_milestones()}


def checkpoints() -> tuple[int, ...]:
    """The ages in months that have a list of their own."""
    return tuple(map(int, numbers("checkpoint_ages")))


def at_checkpoint(months: int) -> tuple[Milestone, ...]:
    """The list of one checkpoint. Raises WrongUse for an age that has none."""
    if months not in checkpoints():
        raise WrongUse(f"no list at {months} months", remedy=f"ask for one of {checkpoints()}")
    return tuple(each for each in all_milestones() if each.age_months == months)


def usually_seen(milestone: Milestone) -> tuple[int, int]:
    """From which to which month of age it is usually first seen: our working estimate, never a limit."""
    return milestone.window.start, milestone.window.end


@cache
def domains() -> tuple[Domain, ...]:
    """The three capacities, with titles for families."""
    found = toml_of(ABOUT)["domain"]
    rows = [row_of(each, f"{ABOUT.name}, domain {at}", ("id", "title", "text")) for at, each in enumerate(found, 1)]
    return tuple(Domain(row.text("id"), row.text("title"), row.text("text")) for row in rows)


@cache
def content_version() -> str:
    """The version of the list as a whole; a reworded row also raises its own `version`."""
    return str(toml_of(ABOUT)["version"])


def _milestone(row: Row) -> Milestone:
    age, start, end = (row.whole(f"{name}_months") for name in ("age", "window_start", "window_end"))
    if age not in checkpoints():
        row.refuse(f"has the age {age}", f"use one of {checkpoints()}")
    if start >= end:
        row.refuse(f"has a window from {start} to {end}", "let it end after it starts")
    domain = row.text("domain")
    if domain not in {each.id for each in domains()}:
        row.refuse(f"has the domain “{domain}”", f"use one of {', '.join(each.id for each in domains())}")
    phase = row.text("phase")
    if phase not in ("yes", "no"):
        row.refuse(f"has the phase “{phase}”", "write yes or no")
    return Milestone(
        id=row.text("id"),
        age_months=age,
        window=Window(start, end),
        domain=domain,
        statement=row.text("statement_caregiver"),
        clinical=row.text("statement_clinical"),
        cue_examples=row.several("cue_examples"),
        in_seed=row.text("in_seed"),
        source=row.text("source"),
        flag=row.one_of("flag", Flag),
        evidence=row.text("evidence"),
        strength=row.one_of("strength", Strength),
        checked=row.one_of("checked", Checked),
        phase=phase == "yes",
        version=row.whole("version"),
    )
