"""All that Today asks of the library: one thing to try, from what was noted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attunement.events import Diary
from attunement.guidance import Suggestion, one_to_try
from attunement.insights import Week, what_was_noted
from attunement.milestones import Milestone
from attunement.schemes import scheme
from attunement_web.families.bridge import age_of
from attunement_web.families.models import Child

__all__ = ["Suggestion", "Week", "idea_for"]


def idea_for(child: Child, today: date, *, noted: Diary, working_on: Sequence[Milestone]) -> Suggestion:
    """One idea for this day, the same all day, and why this one."""
    counts = what_was_noted(noted, scheme("attunement"))
    return one_to_try(age_of(child, today), day=today, noted=counts, working_on=working_on)
