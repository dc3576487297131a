"""One line of the ledger; the database itself refuses to change or remove one (migration 0002)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """Ids and counts only: names and words never enter the ledger, so that erasing a family leaves it whole.

    `about_id` and `by_id` are plain ids, not foreign keys, for the same reason.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    event = models.CharField(max_length=64)
    about_kind = models.CharField(max_length=64)
    about_id = models.UUIDField()
    by_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about_id", "at"], name="ledger_about")]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.event} {self.about_kind} {self.about_id}"
