"""The one thing a practitioner's page changes: a line in the ledger says that it was opened."""

from __future__ import annotations

from uuid import UUID

from attunement_web.accounts.models import User
from attunement_web.families.models import Grant
from attunement_web.ledger.actions import record


def note_opening(*, grant: Grant, page: str, by: User, **facts: UUID) -> None:
    """Written before anything is shown; where it cannot be written, nothing is."""
    record("record.read", about=grant.child, by=by, kind=page, grant=grant.pk, **facts)
