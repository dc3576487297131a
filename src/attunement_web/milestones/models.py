"""What a family saw of one milestone."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attunement_web.diary.models import Moment
from attunement_web.families.models import Child
from attunement_web.guarded import Guarded

MOST_WORDS = 1_000  # characters of own text


class Stage(models.TextChoices):
    """How often the family sees it. The values are those of the library's `State`, which a test compares."""

    NOT_YET = "not-yet", _("Not yet")
    STARTING = "starting", _("Starting")
    OFTEN = "often", _("Often")
    GONE = "gone", _("It was there, and now it is gone")


class Sighting(models.Model):
    """One milestone of one child, as the family last told it."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("milestone", "stage", "seen_on", "words", "moment", "told_by", "told_at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="sightings")
    milestone = models.CharField(max_length=60)  # an id of the library's list
    stage = models.CharField(max_length=8, choices=Stage.choices)
    seen_on = models.DateField(null=True, blank=True)  # first seen, or the last day it was there when it is gone
    words = models.TextField(max_length=MOST_WORDS, blank=True)
    moment = models.ForeignKey(Moment, null=True, on_delete=models.SET_NULL, related_name="+")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)

    objects = Guarded()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "milestone"], name="one_sighting_a_milestone"),
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="sighting_stage_known"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} {self.pk}"
