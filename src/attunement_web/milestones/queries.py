"""Chooses what the milestones pages show: what was told, and what noted moments may be showing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max

from attunement_web.diary.models import Moment
from attunement_web.diary.queries import latest_with, moments_showing
from attunement_web.families.models import Child
from attunement_web.milestones import bridge
from attunement_web.milestones.models import Sighting

MOST_SUGGESTED = 2
MOST_OFFERED = 5  # moments to choose from, beside one milestone


@dataclass(frozen=True, slots=True)
class Line:
    """One milestone with what this family told of it, if anything."""

    milestone: bridge.Milestone
    sighting: Sighting | None


@dataclass(frozen=True, slots=True)
class Part:
    """One capacity's lines on the page of an age."""

    title: str
    text: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A noted moment that may be showing a milestone."""

    milestone: bridge.Milestone
    moment: Moment


def told(child: Child) -> dict[str, Sighting]:
    """What the family told, by milestone."""
    return {sighting.milestone: sighting for sighting in Sighting.objects.filter(child=child)}


def marks(children: Collection[UUID]) -> dict[UUID, str]:
    """By child, what is another one after anything was told of a milestone or taken back."""
    told = Sighting.objects.filter(child__in=children).order_by().values("child")
    found = told.annotate(how_many=Count("pk"), latest=Max("told_at"))
    return {one["child"]: f"{one['how_many']} {one['latest'].isoformat()}" for one in found}


def stages(sightings: dict[str, Sighting]) -> dict[str, str]:
    return {name: sighting.stage for name, sighting in sightings.items()}


def page_of(months: int, sightings: dict[str, Sighting]) -> list[Part]:
    """The list of one age, in the three capacities."""
    return [
        Part(group.domain.title, group.domain.text, [Line(one, sightings.get(one.id)) for one in group.milestones])
        for group in bridge.grouped(months)
    ]


def page_of_age(child: Child, today: date) -> tuple[int, list[Part]]:
    """The months of the list the child grows towards, and that list with what the family told."""
    months = bridge.nearest_checkpoint(child, today)
    return months, page_of(months, told(child))


def to_look_for(child: Child, today: date, sightings: dict[str, Sighting]) -> tuple[bridge.Milestone, ...]:
    """Two or three milestones to look out for now."""
    return bridge.suggestions(child, today, stages(sightings))


def suggested(child: Child, today: date, sightings: dict[str, Sighting]) -> list[Suggested]:
    """Noted moments that may be showing milestones of which nothing was told yet; at most two, one a moment."""
    open_ones = bridge.open_at(child, today, sightings)
    codes = {code for one in open_ones for code in one.cue_examples}
    found: dict[str, Suggested] = {}
    for moment in moments_showing(child, codes).values():
        said = [moment.signal, *moment.acts, moment.outcome]
        for one in bridge.shown_by(said, child=child, on=moment.local_day):
            if one in open_ones and one.id not in found:
                found[one.id] = Suggested(one, moment)
                break
    newest_first = sorted(found.values(), key=lambda each: each.moment.local_day, reverse=True)
    return newest_first[:MOST_SUGGESTED]


def moments_for(child: Child, one: bridge.Milestone, chosen: Sighting | None = None) -> list[Moment]:
    """The latest moments noted with a signal that can show this milestone, and the one that was chosen before."""
    return latest_with(child, one.cue_examples, most=MOST_OFFERED, also=chosen.moment_id if chosen else None)


def moment_suggested(child: Child, one: bridge.Milestone, moment_id: str) -> Moment | None:
    """That moment, if it is one of those that are suggested for this milestone."""
    found = moments_showing(child, one.cue_examples).values()
    return next((moment for moment in found if str(moment.pk) == moment_id), None)
