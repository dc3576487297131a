"""All that the milestones pages ask of the library."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from attunement.errors import WrongUse
from attunement.guidance import texts, words_for
from attunement.milestones import (
    Domain,
    Level,
    Milestone,
    State,
    all_milestones,
    at_checkpoint,
    checkpoints,
    domains,
    milestone,
    notice,
    states_for,
    suggested_by,
    to_look_for,
    usually_seen,
)
from attunement_web.diary.bridge import wording
from attunement_web.families.bridge import age_of
from attunement_web.families.models import Child

__all__ = [
    "Group",
    "Milestone",
    "Said",
    "State",
    "all_milestones",
    "checkpoints",
    "grouped",
    "known",
    "nearest_checkpoint",
    "offered",
    "open_at",
    "shown_by",
    "suggestions",
    "usually_seen",
    "what_to_say",
    "wording",
]


@dataclass(frozen=True, slots=True)
class Group:
    """The milestones of one age in one of the three capacities."""

    domain: Domain
    milestones: tuple[Milestone, ...]


def known(milestone_id: str) -> Milestone | None:
    try:
        return milestone(milestone_id)
    except WrongUse:
        return None


def grouped(months: int) -> tuple[Group, ...]:
    """The list of one age in the three capacities. Raises WrongUse for an age without a list."""
    listed = at_checkpoint(months)
    return tuple(Group(one, tuple(m for m in listed if m.domain == one.id)) for one in domains())


def nearest_checkpoint(child: Child, on: date) -> int:
    """The list to open first: the one the child grows towards, the last one after that."""
    months = age_of(child, on).months
    return next((checkpoint for checkpoint in checkpoints() if checkpoint >= months), checkpoints()[-1])


def offered(one: Milestone) -> tuple[str, ...]:
    return tuple(state.value for state in states_for(one))


def suggestions(child: Child, on: date, stages: Mapping[str, str]) -> tuple[Milestone, ...]:
    """Two or three to look out for now."""
    states = {name: State(stage) for name, stage in stages.items()}
    return to_look_for(age_of(child, on), states)


def open_at(child: Child, on: date, told: Container[str]) -> tuple[Milestone, ...]:
    """The milestones usual at this age of which the family told nothing yet."""
    months = age_of(child, on).months
    return tuple(one for one in all_milestones() if one.window.holds(months) and one.id not in told)


def shown_by(codes: Iterable[str], *, child: Child, on: date) -> tuple[Milestone, ...]:
    """What a moment with these codes on that day may be showing."""
    return suggested_by(codes, age=age_of(child, on))


@dataclass(frozen=True, slots=True)
class Said:
    """What a stage calls for: the sentence, and whether it says to talk with the doctor soon."""

    text: str
    talk_soon: bool
    for_the_visit: str
    each_time: str


def what_to_say(one: Milestone, stage: str, *, child: Child, on: date) -> Said | None:
    """The words of the level that this stage calls for at this age, None when there is nothing to say."""
    level = notice(one, State(stage), age_of(child, on))
    if level is None:
        return None
    said = words_for(level, State(stage))
    return Said(said, level is Level.TALK_SOON, texts()["for_the_visit"], texts()["each_time"])
