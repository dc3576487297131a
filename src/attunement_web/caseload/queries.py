"""Chooses what consent covers. Words and names are taken out here, so that no template can show them by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from attunement_web.caseload import bridge
from attunement_web.coding import queries as coding
from attunement_web.coding.models import Recording
from attunement_web.diary import queries as diary
from attunement_web.families.models import Grant
from attunement_web.milestones import queries as milestones
from attunement_web.milestones.models import Sighting


@dataclass(frozen=True, slots=True)
class Told:
    """One milestone and what the family told of it."""

    milestone: bridge.Milestone
    sighting: Sighting


def timeline(grant: Grant, *, after: UUID | None = None) -> diary.Timeline:
    """Newest first, a page at a time."""
    found = diary.timeline(grant.child, after=after)
    if not grant.with_words:
        for day in found.days:
            for moment, _ in day.moments:
                moment.words, moment.with_child, moment.noted_by = "", "", None
    return found


def picture(grant: Grant) -> list[bridge.Topic]:
    """What the notes of the last twelve weeks add up to."""
    first = grant.child.today() - timedelta(weeks=diary.PICTURE_WEEKS)
    return bridge.picture(diary.diary_since(grant.child, first))


def milestones_told(grant: Grant) -> list[Told]:
    """By age; one that a later list may have dropped is left out."""
    rows = [(bridge.known(name), sighting) for name, sighting in milestones.told(grant.child).items()]
    if not grant.with_words:
        for _, sighting in rows:
            sighting.words = ""
    found = [Told(milestone, sighting) for milestone, sighting in rows if milestone]
    return sorted(found, key=lambda told: (told.milestone.age_months, told.milestone.id))


def recordings(grant: Grant) -> list[Recording]:
    """The kept ones, newest first; a file's name is somebody's words."""
    found = list(coding.of_child(grant.child))
    if not grant.with_words:
        for recording in found:
            recording.name = ""
    return found
