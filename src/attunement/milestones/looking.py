"""Which milestones to look out for at an age, and which ones a noted moment suggests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from attunement.clock import Age
from attunement.constants import number
from attunement.milestones.catalogue import Flag, Milestone, all_milestones
from attunement.milestones.noticing import State

FEWEST_TO_LOOK_FOR = 2

# How a moment ended. A row that names one is about the ending: crying alone does not suggest "calms when held".
ENDS = frozenset(["settled-with-you", "settled-alone", "cuddle-in", "calm-and-alert", "came-back-for-more"])


def to_look_for(age: Age, states: Mapping[str, State] | None = None) -> tuple[Milestone, ...]:
    """Two or three milestones to look out for now: those in their window that are not yet often seen, nearest
    checkpoint first, one of each capacity where there is one. The same answer for the same age and states.

    With fewer than two in their window, the nearest others not yet often seen join in.
    """
    months, states = age.months, states or {}
    waiting = [
        each
        for each in sorted(all_milestones(), key=lambda each: _nearness(each, months))
        if each.flag is not Flag.LOSS and states.get(each.id, State.NOT_YET) in (State.NOT_YET, State.STARTING)
    ]
    chosen = _spread([each for each in waiting if each.window.holds(months)], int(number("to_look_for_count")))
    others = (each for each in waiting if not each.window.holds(months))
    return (*chosen, *islice(others, max(FEWEST_TO_LOOK_FOR - len(chosen), 0)))


def suggested_by(
    codes: Iterable[str], *, age: Age | None = None, states: Mapping[str, State] | None = None
) -> tuple[Milestone, ...]:
    """The milestones that a moment with these codes (signal, acts, how it ended) may be showing.

    A row is suggested when one of its signals was noted and, if it names endings, one of those too; most
    shared codes first, then by age. With an age, only rows in their window then, or ones the family follows
    already (in `states`); a row that is often seen already is not suggested again.
    """
    noted, states = frozenset(codes), states or {}
    months = None if age is None else age.months
    found = [
        each
        for each in all_milestones()
        if _shown_by(each, noted)
        and states.get(each.id) is not State.OFTEN
        and (months is None or each.id in states or each.window.holds(months))
    ]
    return tuple(sorted(found, key=lambda each: (-len(noted.intersection(each.cue_examples)), _near(each, months))))


def _nearness(milestone: Milestone, months: int) -> tuple[int, bool]:
    """How far its checkpoint lies; of two equally far, the one still ahead comes first."""
    return abs(milestone.age_months - months), milestone.age_months < months


def _near(milestone: Milestone, months: int | None) -> int:
    return 0 if months is None else abs(milestone.age_months - months)


def _spread(nearest_first: list[Milestone], count: int) -> list[Milestone]:
    """The first of each capacity, filled up with the next nearest."""
    first: dict[str, Milestone] = {}
    for each in nearest_first:
        first.setdefault(each.domain, each)
    rest = [each for each in nearest_first if each is not first[each.domain]]
    return [*first.values(), *rest][:count]


def _shown_by(milestone: Milestone, noted: frozenset[str]) -> bool:
    named = frozenset(milestone.cue_examples)
    ends, signals = named & ENDS, named - ENDS
    return milestone.flag is not Flag.LOSS and all(not part or part & noted for part in (ends, signals))
