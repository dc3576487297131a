"""All that copies ask of the library: reading them safely, and how codes and milestones read in words."""

from __future__ import annotations

from functools import cache

from attunement import __version__
from attunement.copies import FORMAT, Copy, open_copy
from attunement.errors import AttunementError, NotReadable
from attunement.milestones import all_milestones
from attunement_web.coding.bridge import NotOurShape, files_in
from attunement_web.diary.bridge import asks, wording
from attunement_web.sync.bridge import codes

__all__ = [
    "FORMAT", "AttunementError", "Copy", "NotOurShape", "NotReadable", "asks", "codes", "files_in", "milestone_words",
    "open_copy", "version", "wording",
]  # fmt: skip


@cache
def _milestones() -> dict[str, str]:
    return {one.id: one.statement for one in all_milestones()}


def milestone_words(milestone: str) -> str:
    """What the milestone says; one that we no longer have stands as it is."""
    return _milestones().get(milestone, milestone)


def version() -> str:
    return __version__
