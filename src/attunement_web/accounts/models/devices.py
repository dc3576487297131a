"""Where somebody is signed in: Django's session, with whose it is and which browser, so that she can see and end it.

The facts lie in the session itself, where each request finds them without a further query; the columns repeat them.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.db import models, transaction

from attunement_web.accounts.models.people import User

FACTS = "device"  # in the session: {"browser", "since", "seen", "proof", "strong", "link"}
_ID = "device_id"


class Device(models.Model):
    """One browser in which a person is signed in; without a person, a sign-in that is under way."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("browser", "session_data")

    id = models.UUIDField(
        primary_key=True, default=uuid.uuid4, editable=False
    )  # for pages: the key would let anybody in
    session_key = models.CharField(max_length=40, unique=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="signed_in_on")
    browser = models.CharField(
        max_length=40, blank=True
    )  # two codes, "firefox android": nothing tells two phones apart
    since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"device {self.pk}"


class SessionStore(db.SessionStore):
    """`settings.SESSION_ENGINE` names this module."""

    @classmethod
    def get_model_class(cls) -> type[Device]:  # type: ignore[override]  # it has every field that is asked of it
        return Device

    def create_model_instance(self, data: dict[str, Any]) -> Device:  # type: ignore[override]  # as above
        data.setdefault(_ID, uuid.uuid4().hex)
        row: Device = super().create_model_instance(data)  # type: ignore[assignment]  # as above
        row.pk, facts = UUID(data[_ID]), data.get(FACTS)
        if facts and SESSION_KEY in data:
            row.person_id, row.browser = UUID(data[SESSION_KEY]), facts["browser"]
            row.since, row.seen_at = (datetime.fromtimestamp(facts[name], UTC) for name in ("since", "seen"))
        return row

    @transaction.atomic
    def cycle_key(self) -> None:
        """The device stays the same under its new key, so the old row makes room first."""
        data = self._session  # type: ignore[attr-defined]  # SessionBase's own cache
        if self.session_key:
            self.delete(self.session_key)
        self.create()
        self._session_cache = data


def device_of(session: SessionBase) -> UUID | None:
    """Which of her devices this one is."""
    return UUID(session[_ID]) if _ID in session else None
