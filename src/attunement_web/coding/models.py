"""A recording that somebody coded, as our report of it; the file itself is never kept."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone

from attunement_web.families.models import Child
from attunement_web.guarded import Guarded

LONGEST_NAME = 80  # characters of a file's name


class Recording(models.Model):
    """The records and reports of one file's sessions. Until it is kept, only who brought it sees it.

    File and version of the reader name it: the same file read twice by the same version is one row.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = (
        "name", "format", "sha256", "sessions", "length_ms", "shown", "read_by", "read_at", "kept_at", "removed_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="recordings")
    name = models.CharField(max_length=LONGEST_NAME)
    format = models.CharField(max_length=40)  # a name of the library's list
    sha256 = models.CharField(max_length=64)
    version = models.CharField(max_length=40)  # of the library that read it
    sessions = models.PositiveSmallIntegerField()
    length_ms = models.PositiveBigIntegerField()  # of all sessions together
    shown = models.JSONField()  # a list: of each session the record, and its report in plain words
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)
    kept_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = Guarded()

    class Meta:
        indexes: ClassVar = [
            models.Index("child", F("kept_at").desc(), name="recordings_of_child"),
            models.Index(fields=["removed_at"], condition=~Q(removed_at=None), name="recordings_removed"),
            models.Index(fields=["read_at"], condition=Q(kept_at=None), name="recordings_not_kept"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "sha256", "version"], name="one_recording_a_file"),
            models.CheckConstraint(condition=Exact(Length("sha256"), 64), name="recording_fingerprint_whole"),
            models.CheckConstraint(condition=Q(sessions__gte=1), name="recording_holds_a_session"),
            models.CheckConstraint(condition=Q(length_ms__gte=0), name="recording_length_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(format="") & ~Q(version=""), name="recording_named"),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(kept_at__isnull=False), name="recording_kept_before_removed"
            ),
        ]

    def __str__(self) -> str:
        return f"recording {self.pk}"

    @property
    def is_kept(self) -> bool:
        return self.kept_at is not None
