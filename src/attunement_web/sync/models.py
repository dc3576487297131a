"""The phones that push, and what became of each operation they sent."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from attunement_web.guarded import Guarded


class Verdict(models.TextChoices):
    """What became of an operation. `ALREADY` is answered when it comes again, and never stored."""

    KEPT = "kept"
    ALREADY = "already"
    MERGED = "merged"
    REFUSED = "refused"


class Device(models.Model):
    """A phone, or one browser on it: its id is made there, and belongs to the person who pushed first.

    No name and no description of the machine. Operations up to `last_seq` have been looked at, each exactly once.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ("first_seen", "last_seen")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    last_seq = models.PositiveBigIntegerField(default=0)
    first_seen = models.DateTimeField(default=timezone.now, editable=False)
    last_seen = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"device {self.pk}"


class Operation(models.Model):
    """One operation of one phone, so that it counts once however often it is sent.

    `text` is the whole of it where it was refused or differs from the one that came first: nothing typed is lost.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ("text", "at")

    pk = models.CompositePrimaryKey("device", "seq", "hash")  # other content under a number is a line of its own
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="operations", db_index=False)
    seq = models.PositiveBigIntegerField()  # 0: it came without a number
    hash = models.CharField(max_length=64)  # SHA-256 of its canonical JSON, in hexadecimal
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.CharField(max_length=24, blank=True)
    revision = models.PositiveBigIntegerField(default=0)  # of the moment afterwards
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = Guarded()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=[Verdict.KEPT, Verdict.MERGED, Verdict.REFUSED]),
                name="operation_verdict_known",
            ),
        ]

    def __str__(self) -> str:
        return f"operation {self.seq} of {self.device_id}"
