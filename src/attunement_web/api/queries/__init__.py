"""Chooses tokens for their page, and moments for other programs."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.api.models import Token
from attunement_web.diary.models import Moment
from attunement_web.families.models import Child

ENDED_SHOWN = 20


def tokens_of(child: Child) -> list[Token]:
    """Those that open something, the newest first."""
    return list(_with_person(child).filter(ended_at=None, expires_at__gt=timezone.now()))


def open_tokens_of(person: User) -> int:
    """How many she made, for whichever child, that still open something."""
    return Token.objects.filter(person=person, ended_at=None, expires_at__gt=timezone.now()).count()


def ended_tokens_of(child: Child) -> list[Token]:
    """The latest of those that open nothing any more."""
    over = _with_person(child).filter(~Q(ended_at=None) | Q(expires_at__lte=timezone.now()))
    return list(over[:ENDED_SHOWN])


def _with_person(child: Child) -> QuerySet[Token]:
    return Token.objects.filter(child=child).select_related("person").order_by("-made_at")


def moments_of(
    child: Child, *, before: UUID | None, first_day: date | None, last_day: date | None, limit: int
) -> tuple[list[Moment], UUID | None]:
    """A page of moments, newest first, from the one after `before` on; and the last one's id when there are more."""
    rows = Moment.objects.filter(child=child).live().newest_first()
    if first_day is not None:
        rows = rows.filter(local_day__gte=first_day)
    if last_day is not None:
        rows = rows.filter(local_day__lte=last_day)
    if before is not None:
        rows = rows.filter(_older_than(child, before))
    found = list(rows[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def _older_than(child: Child, moment_id: UUID) -> Q:
    """A moment that we do not know ends the reading, so that a program never begins again by mistake."""
    last = Moment.objects.filter(child=child, pk=moment_id).values_list("local_day", "happened_at").first()
    if last is None:
        return Q(pk__in=[])
    day, at = last
    same_day = Q(happened_at__lt=at) | Q(happened_at=at, pk__lt=moment_id)
    return Q(local_day__lte=day) & (Q(local_day__lt=day) | same_day)
