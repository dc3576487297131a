"""What syncing asks of the library: the codes that a moment may hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from attunement_web.diary import bridge as diary


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of each kind; empty is among those that may be left out."""

    signals: frozenset[str]
    acts: frozenset[str]
    outcomes: frozenset[str]


@cache
def codes() -> Codes:
    nothing = frozenset({""})
    return Codes(diary.known("signal") | nothing, diary.known("act", "miss"), diary.known("outcome") | nothing)
