"""Takes a moment out of sight, brings it back, and empties what was removed long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.diary import bridge
from attunement_web.diary.actions.changing import set_fields
from attunement_web.diary.models import Moment, OtherVersion
from attunement_web.ledger.actions import record

BACK_WITHIN = timedelta(days=30)  # how long a removed moment can come back; after that its content is gone


@transaction.atomic
def remove_moment(*, moment: Moment, by: User) -> None:
    """Out of sight at once, back with one tap for 30 days."""
    now = timezone.now()
    if moment.removed_at is None:
        set_fields(moment, removed_at=now)
        record("moment.removed", about=moment, by=by, child=moment.child_id)
    forget_removed(now=now)


@transaction.atomic
def bring_back_moment(*, moment: Moment, by: User) -> bool:
    """Whether it is there again; after 30 days it is gone."""
    if moment.removed_at is None:
        return True
    if moment.removed_at < timezone.now() - BACK_WITHIN:
        return False
    set_fields(moment, removed_at=None)
    record("moment.brought_back", about=moment, by=by, child=moment.child_id)
    return True


def forget_removed(*, now: datetime) -> int:
    """Empty what was removed long ago; the row stays as a tombstone, so that no phone sends it again."""
    gone = Moment.objects.filter(removed_at__lt=now - BACK_WITHIN)
    OtherVersion.objects.filter(moment__in=gone).delete()
    old = gone.exclude(signal="", words="", with_child="", feeling="", acts=[])
    return old.update(
        signal="",
        asks=bridge.asks(""),
        acts=[],
        outcome="",
        mended=None,
        calm=None,
        with_child="",
        feeling="",
        words="",
    )
