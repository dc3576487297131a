"""Lines of the ledger, each sealed to the one before it; the database itself refuses to change or remove one (0002)."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from attunement_web.guarded import Guarded

SITE = uuid.UUID(int=0)  # the chain of what concerns no child and no family


class Entry(models.Model):
    """Ids and counts only: names and words never enter the ledger, so that erasing a family leaves it whole.

    `about_id` and `by_id` are plain ids, not foreign keys, for the same reason. `number` counts from 1 in each chain;
    `mac` seals the line together with the one before it.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    event = models.CharField(max_length=64)
    about_kind = models.CharField(max_length=64)
    about_id = models.UUIDField()
    by_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    chain = models.UUIDField(default=SITE)  # a child's id, a family's, or SITE
    number = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, default="")

    objects = Guarded()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about_id", "at"], name="ledger_about")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "number"], name="ledger_one_place_each")]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.event} {self.about_kind} {self.about_id}"


class Chain(models.Model):
    """Where a chain ends; its row is held while a line is added, so that two lines never take one place."""

    PERSONAL: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="", blank=True)

    def __str__(self) -> str:
        return f"chain {self.pk}"


def seal(
    before: str,
    *,
    id: UUID,
    at: datetime,
    event: str,
    about_kind: str,
    about_id: UUID,
    by_id: UUID | None,
    facts: Mapping[str, int | str],
    chain: UUID,
    number: int,
) -> str:
    """HMAC-SHA256, in hexadecimal, over the seal `before` and the line in one fixed spelling.

    Whoever can write to the database can write a line but not its seal: the key is in a file outside it.
    """
    line = [
        before, chain.hex, number, id.hex, at.astimezone(UTC).isoformat(timespec="microseconds"), event, about_kind,
        about_id.hex, by_id.hex if by_id else None, dict(sorted(facts.items())),
    ]  # fmt: skip
    return keyed(_spelled(line))


_spelled = json.JSONEncoder(separators=(",", ":")).encode


def keyed(text: str) -> str:
    """The keyed code of a text, in hexadecimal."""
    return hmac.digest(settings.LEDGER_KEY.encode(), text.encode(), "sha256").hex()
