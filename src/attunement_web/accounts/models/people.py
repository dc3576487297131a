"""People, the one-time links that let them in, and tries that did not fit."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail address, written in whatever case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person. On a household's own machine the first one has neither address nor password."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("email", "name")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    is_practitioner = models.BooleanField(default=False)  # sees other people's children, so one proof is not enough
    since = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(email=""), name="no_address_is_null_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def has_password(self) -> bool:
        """Whether it lets her in: it takes an address too."""
        return bool(self.email) and self.has_usable_password()


class SignInLink(models.Model):
    """A one-time way in. Only the hash of its token is kept, so the database alone lets nobody in."""

    PERSONAL: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link {self.pk}"

    @staticmethod
    def hash_of(token: str) -> str:
        """SHA-256 suffices: the token is 256 random bits, not a password."""
        return hashlib.sha256(token.encode()).hexdigest()


class WrongTry(models.Model):
    """A password, link or code that did not fit, so that guessing is slowed; `key` is a hash, never an address."""

    PERSONAL: ClassVar[tuple[str, ...]] = ()
    MOST: ClassVar[int] = 10  # for one person or address, and from one machine
    COUNTS_FOR: ClassVar[timedelta] = timedelta(minutes=15)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "at"], name="accounts_wrong_try")]
        verbose_name_plural = "wrong tries"

    def __str__(self) -> str:
        return f"try {self.pk}"

    @staticmethod
    def keys_of(**counted: str) -> list[str]:
        """What a try counts against: `address="alice@example.org", machine="192.0.2.1"`."""
        whole = (f"{kind}:{value.strip().lower()}" for kind, value in counted.items())
        return [hashlib.sha256(text.encode()).hexdigest() for text in whole]
