"""Gathers what Today shows, each part with a read that does not grow with the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from attunement_web.diary import queries as diary
from attunement_web.diary.models import Moment
from attunement_web.families.models import Child
from attunement_web.milestones import queries as milestones
from attunement_web.today import bridge

LATELY = timedelta(weeks=2)  # the notes that choose one thing to try


@dataclass(frozen=True, slots=True)
class Day:
    """Everything on the page of one day."""

    week: bridge.Week
    look_for: list[milestones.Line]
    idea: bridge.Suggestion
    earlier: Moment | None


def day_of(child: Child, today: date) -> Day:
    told = milestones.told(child)
    look_for = milestones.to_look_for(child, today, told)
    noted = diary.diary_since(child, today - LATELY)
    return Day(
        week=diary.week_of(noted, today),
        look_for=[milestones.Line(one, told.get(one.id)) for one in look_for],
        idea=bridge.idea_for(child, today, noted=noted, working_on=look_for),
        earlier=diary.an_earlier_moment(child, today),
    )
