"""A line of the ledger of the server on which a record lived before: shown and copied on, never sealed anew."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from attunement_web.families.models import Family
from attunement_web.guarded import Guarded


class EarlierLine(models.Model):
    """As it came in a copy. It proves nothing here: its seal was made with a key of that other server."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("at", "event", "by_id", "facts")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="earlier_lines")
    at = models.DateTimeField()
    event = models.CharField(max_length=64)
    about_kind = models.CharField(max_length=64)
    about_id = models.UUIDField()
    by_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    chain = models.UUIDField()
    number = models.PositiveBigIntegerField()
    mac = models.CharField(max_length=64, blank=True)

    objects = Guarded()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["chain"], name="rights_earlier_of_chain")]

    def __str__(self) -> str:
        return f"{self.event} {self.about_kind} {self.about_id}"
