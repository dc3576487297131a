"""Which child, and which report, a practitioner may open: a grant of her family says so, at each request anew."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from attunement_web.accounts.models import User
from attunement_web.coding.models import Recording
from attunement_web.families.access import shared_child_or_404
from attunement_web.families.models import Grant, Kind


def report_or_404(user: User, child_id: UUID, recording_id: UUID) -> tuple[Grant, Recording]:
    """The report of a recording that the family kept."""
    grant = shared_child_or_404(user, child_id, Kind.REPORTS)
    kept = Recording.objects.filter(child=child_id, pk=recording_id, removed_at=None, kept_at__isnull=False).first()
    if kept is None:
        raise Http404
    return grant, kept
