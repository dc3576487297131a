"""Keeping what a family saw of a milestone, and taking it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.families.models import Child
from attunement_web.ledger.actions import record
from attunement_web.milestones.models import Sighting


@transaction.atomic
def tell_milestone(
    *,
    child: Child,
    milestone: str,
    stage: str,
    seen_on: date | None = None,
    words: str = "",
    moment_id: UUID | None = None,
    by: User,
) -> Sighting:
    """Keep it, in place of what was told of this milestone before. Raises ValidationError for an unknown stage."""
    Child.objects.select_for_update().get(pk=child.pk)  # two who tell the same milestone at once wait for each other
    sighting = Sighting.objects.filter(child=child, milestone=milestone).first() or Sighting(
        child=child, milestone=milestone
    )
    sighting.stage, sighting.seen_on, sighting.words = stage, seen_on, words.strip()
    sighting.moment_id, sighting.told_by, sighting.told_at = moment_id, by, timezone.now()
    sighting.full_clean(exclude=["child", "told_by", "moment"], validate_unique=False)
    sighting.save()
    record("milestone.told", about=sighting, by=by, child=child.pk)
    return sighting


@transaction.atomic
def take_back_milestone(*, child: Child, milestone: str, by: User) -> bool:
    """As if nothing had been told of it. False when nothing was."""
    Child.objects.select_for_update().get(pk=child.pk)
    sighting = Sighting.objects.filter(child=child, milestone=milestone).first()
    if sighting is None:
        return False
    record("milestone.taken_back", about=sighting, by=by, child=child.pk)
    sighting.delete()
    return True
