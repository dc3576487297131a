"""What changes about recordings: read, kept, taken away, brought back. The ledger gets ids, kinds and counts only."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.coding.bridge import Read
from attunement_web.coding.models import Recording
from attunement_web.families.models import Child
from attunement_web.ledger.actions import record

BACK_WITHIN = timedelta(days=30)  # how long what was taken away can come back
DECIDE_WITHIN = timedelta(days=1)  # how long a recording waits to be kept


@transaction.atomic
def show_recording(*, child: Child, name: str, read: Read, by: User) -> Recording:
    """Hold what was read for `by` to look at. A file that this version has read for this child already stays one row:

    a kept one is left as it is; one that waits or was taken away waits for `by` again.
    """
    now = timezone.now()
    forget_old(now=now)
    fresh = {
        "name": name, "format": read.format, "sessions": len(read.sessions), "length_ms": read.length_ms,
        "shown": read.sessions, "read_by": by, "read_at": now, "kept_at": None, "removed_at": None,
    }  # fmt: skip
    recording, is_new = Recording.objects.get_or_create(
        child=child, sha256=read.sha256, version=read.version, defaults=fresh
    )
    if not is_new:
        if recording.is_kept and recording.removed_at is None:
            return recording
        _set(recording, **fresh)
    record("recording.read", about=recording, by=by, child=child.pk, format=read.format, sessions=len(read.sessions))
    return recording


@transaction.atomic
def keep_recording(*, recording: Recording, by: User) -> None:
    if not recording.is_kept:
        _set(recording, kept_at=timezone.now())
        record("recording.kept", about=recording, by=by, child=recording.child_id)


@transaction.atomic
def remove_recording(*, recording: Recording, by: User) -> bool:
    """Whether it can come back: a kept one for 30 days; one that was never kept is gone at once."""
    now = timezone.now()
    forget_old(now=now)
    if not recording.is_kept:
        Recording.objects.filter(pk=recording.pk).delete()
        record("recording.let_go", about=recording, by=by, child=recording.child_id)
        return False
    if recording.removed_at is None:
        _set(recording, removed_at=now)
        record("recording.removed", about=recording, by=by, child=recording.child_id)
    return True


@transaction.atomic
def bring_back_recording(*, recording: Recording, by: User) -> bool:
    """Whether it is there again; after 30 days it is gone."""
    if recording.removed_at is None:
        return True
    if recording.removed_at < timezone.now() - BACK_WITHIN:
        return False
    _set(recording, removed_at=None)
    record("recording.brought_back", about=recording, by=by, child=recording.child_id)
    return True


def forget_old(*, now: datetime) -> int:
    """Delete what was taken away long ago, and what was read and never kept; of which child does not matter."""
    old = Q(removed_at__lt=now - BACK_WITHIN) | Q(kept_at=None, read_at__lt=now - DECIDE_WITHIN)
    return Recording.objects.filter(old).delete()[0]


def _set(recording: Recording, **fields: object) -> None:
    Recording.objects.filter(pk=recording.pk).update(**fields)
    for name, value in fields.items():
        setattr(recording, name, value)
