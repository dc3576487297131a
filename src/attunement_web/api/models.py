"""A personal token: the key with which one program reads or notes for one child, in the name of one person."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attunement_web.families.models import Child
from attunement_web.guarded import Guarded

PREFIX = "att_"  # so that people and programs that look for lost secrets know it for one


class Right(models.TextChoices):
    READ = "read", _("Only read")
    WRITE = "write", _("Read and note moments")


class Token(models.Model):
    """Only the hash is kept, so the database alone opens nothing. Its right is never more than its person's at the time."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("name", "right", "made_at", "expires_at", "ended_at", "last_used")
    LENGTH: ClassVar[int] = len(PREFIX) + 43  # 32 random bytes as text

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    right = models.CharField(max_length=8, choices=Right.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_used = models.DateField(null=True)  # the day alone: nobody's hours are kept

    objects = Guarded()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["child", "-made_at"], name="api_token_of_child")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(right__in=Right.values), name="token_right_known")
        ]

    def __str__(self) -> str:
        return f"token {self.pk}"

    @staticmethod
    def new_text() -> str:
        return PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def hash_of(text: str) -> str:
        """SHA-256 suffices: 256 random bits are no password."""
        return hashlib.sha256(text.encode()).hexdigest()
