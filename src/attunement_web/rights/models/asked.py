"""An erasure: asked for, taken back within a week, or done. Ids and days only, so that it may stay for ever."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from attunement_web.guarded import Guarded

WEEK = timedelta(days=7)  # in which it can be taken back
A_GAP = timedelta(days=2)  # after a longer one the machine was off, or its clock jumped
A_DAY = timedelta(days=1)  # for which nothing is erased then, so that somebody may see that the clock is wrong
_WAITING = models.Q(undone_at=None, done_at=None)


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Chooses erasures."""

    def waiting(self) -> ErasureQuerySet:
        return self.filter(_WAITING)

    def done(self) -> ErasureQuerySet:
        return self.exclude(done_at=None)


class Erasure(models.Model):
    """Of one child, or of a whole family (`child_id` is empty). Plain ids: what they name is gone afterwards."""

    PERSONAL: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family_id = models.UUIDField()
    child_id = models.UUIDField(null=True)
    children = models.JSONField(default=list)  # the ids that it covers
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    scrubbed_at = models.DateTimeField(null=True)  # since when no byte of it is left in the database's files
    seen_at = models.DateTimeField(null=True)  # when we last looked whether it is due
    doubted_at = models.DateTimeField(null=True)  # since when we doubt the clock by which it is

    objects = Guarded.from_queryset(ErasureQuerySet)()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["family_id"], name="rights_erasure_of_family")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["family_id"], condition=_WAITING & models.Q(child_id=None), name="one_erasure_of_a_family"
            ),
            models.UniqueConstraint(fields=["child_id"], condition=_WAITING, name="one_erasure_of_a_child"),
            models.CheckConstraint(
                condition=models.Q(undone_at=None) | models.Q(done_at=None), name="erasure_undone_or_done"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"

    @property
    def due_at(self) -> datetime:
        return self.asked_at + WEEK

    def look(self, now: datetime) -> bool:
        """Whether to erase it now: its week is over by a clock that we saw go on. After a gap that waits for a day.

        A clock that went back ends the doubt, as does a day without another gap. The row is still to be saved.
        """
        is_gap = now - (self.seen_at or self.due_at) > A_GAP
        if self.doubted_at is None:
            self.doubted_at = now if is_gap else None
        elif now < self.doubted_at or (now - self.doubted_at >= A_DAY and not is_gap):
            self.doubted_at = None
        self.seen_at = now
        return now >= self.due_at and (self.doubted_at is None or now - self.doubted_at >= A_DAY)
