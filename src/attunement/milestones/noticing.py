"""What a family saw of a milestone, and whether it calls for a talk with the doctor.

Nothing about replies, shares or counts enters here: no flag can come from how a family answers.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from attunement.clock import Age
from attunement.milestones.catalogue import Flag, Milestone


class State(StrEnum):
    """How often the family sees it."""

    NOT_YET = "not-yet"
    STARTING = "starting"
    OFTEN = "often"
    GONE = "gone"  # was there, and is not there any more


class Level(IntEnum):
    """The three levels of help; the words for each stand in `guidance`."""

    KEEP_NOTICING = 1
    TALK_SOON = 2
    NOW = 3


def states_for(milestone: Milestone) -> tuple[State, ...]:
    """The states to offer. A phase that ends by itself (shyness, tears at goodbyes) cannot be "gone":
    its end is no loss, and never leads to a flag. Of kept skills one can only say: often, or gone."""
    if milestone.flag is Flag.LOSS:
        return (State.OFTEN, State.GONE)
    return tuple(state for state in State if not (milestone.phase and state is State.GONE))


def notice(milestone: Milestone, state: State, age: Age) -> Level | None:
    """The level of help that this state calls for at this age; None when there is nothing to say.

    - A skill that was there and is gone: talk soon, at any age, whatever the flag of the row.
    - "Not yet" on a row flagged to ask about: talk soon once the age in use has reached its checkpoint.
    - Any other "not yet": keep noticing, from the start of its window on; before it, nothing.

    The age in use is corrected for a child born early, through 24 months (see `Age`).
    """
    if state is State.GONE:
        return Level.TALK_SOON
    if state is not State.NOT_YET:
        return None
    if milestone.flag is Flag.LOSS:
        return Level.TALK_SOON
    if milestone.flag is Flag.ASK and age.months >= milestone.age_months:
        return Level.TALK_SOON
    return Level.KEEP_NOTICING if age.months >= milestone.window.start else None
