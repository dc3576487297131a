"""All that the caseload asks of the library: what notes add up to for a practitioner, and milestones in words."""

from __future__ import annotations

from dataclasses import dataclass

from attunement.events import Diary
from attunement.insights import Insight, adds_up
from attunement_web.diary import bridge as diary
from attunement_web.milestones.bridge import Milestone, known

__all__ = ["Milestone", "known", "picture"]


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic with its band to draw, and its interval in whole per cent where there are numbers."""

    insight: Insight
    band: diary.Band | None
    is_by_ending: bool
    interval: tuple[int, int] | None


def picture(noted: Diary) -> list[Topic]:
    """Topic by topic; numbers come only where the library gives them, and never without their interval."""
    found = adds_up(noted, diary.codes(), audience="practitioner", most_dots=diary.MOST_DOTS)
    return [Topic(one, diary.band(one), diary.is_by_ending(one), _per_cent(one)) for one in found]


def _per_cent(insight: Insight) -> tuple[int, int] | None:
    if insight.counts is None:
        return None
    low, high = insight.counts.interval
    return round(100 * low), round(100 * high)
