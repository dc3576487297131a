"""Begins a copy: counted, so that a stolen sign-in cannot ask for one after another, and written into the ledger."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.families.actions import hold_families
from attunement_web.families.models import Child
from attunement_web.ledger.actions import line, record_all
from attunement_web.ledger.models import Entry
from attunement_web.rights.models.kinds import About

MOST = 5  # copies of a child that one person takes within `WITHIN`
WITHIN = timedelta(hours=1)
_EVENT = "record.copied"


class TooManyCopies(Exception):
    """She took several within the hour."""


@transaction.atomic
def begin_copy(*, about: About, by: User | None) -> None:
    """A line for each child that the copy holds. Raises TooManyCopies, never for the command (`by` is nobody)."""
    hold_families([about.family])  # else two requests at once would not see each other
    if by is not None and _taken(about, by.pk) >= MOST:
        raise TooManyCopies
    kind, who = Child._meta.label_lower, by.pk if by is not None else None
    record_all(line(_EVENT, kind, child, who, child=child) for child in about.children)


def _taken(about: About, by: UUID) -> int:
    since = timezone.now() - WITHIN
    lines = Entry.objects.filter(about_id__in=about.children, event=_EVENT, by_id=by, at__gt=since)
    return max((lines.filter(about_id=child).count() for child in about.children), default=0)
