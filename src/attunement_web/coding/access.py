"""Who may open a recording: whoever may open the child; one that is not kept yet, only who brought it."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import Http404

from attunement_web.accounts.models import User
from attunement_web.coding.models import Recording
from attunement_web.families.access import child_or_404
from attunement_web.families.models import Child


def recording_or_404(
    user: User, child_id: UUID, recording_id: UUID, *, to: Literal["read", "write"] = "read", removed: bool = False
) -> tuple[Child, Recording]:
    """The child and the recording, in two queries; a removed one only where `removed` says that it may be."""
    child = child_or_404(user, child_id, to=to)
    found = Recording.objects.filter(child=child, pk=recording_id)
    recording = (found.defer("shown") if to == "write" else found).first()
    if recording is None or (recording.removed_at is not None and not removed):
        raise Http404
    if not recording.is_kept and recording.read_by_id != user.pk:
        raise Http404
    recording.child = child
    return child, recording
