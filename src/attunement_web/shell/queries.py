"""When was the last backup kept? A finished one carries its time in its name; a half-made one has another name."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

WRITTEN = "attunement-%Y-%m-%dT%H%M%SZ.tar.gz.age"  # the names sort as the times do
_NAME = re.compile(r"attunement-\d{4}-\d\d-\d\dT\d{6}Z\.tar\.gz\.age")
OLD = timedelta(days=7)


def kept_backups(folder: Path) -> dict[Path, datetime]:
    """Every finished backup of a folder and when it was made, the oldest first; none where the folder is away."""
    try:
        found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return {}
    made = {path: _made_at(path) for path in sorted(found)}
    return {path: at for path, at in made.items() if at is not None}


def last_backup(folder: Path, now: datetime) -> datetime | None:
    """When the youngest was made; one from the future (a clock was wrong) says nothing."""
    return max((at for at in kept_backups(folder).values() if at <= now), default=None)


def backup_at_hand() -> dict[str, object] | None:
    """For the quiet line on a page: when the last was made, and whether that is long ago; None where none are kept."""
    if settings.BACKUPS is None:
        return None
    now = timezone.now()
    made = last_backup(settings.BACKUPS, now)
    return {"at": made, "is_old": made is None or now - made > OLD}


def _made_at(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.name, WRITTEN).replace(tzinfo=UTC)
    except ValueError:  # the 31st of February
        return None
