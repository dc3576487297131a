"""An erasure: asked for, taken back within a week, or done. Ids and days only, so that it may stay for ever."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from attunement_web.guarded import Guarded

WEEK = timedelta(days=7)  # in which it can be taken back
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
