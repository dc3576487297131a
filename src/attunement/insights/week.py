"""One cautious sentence for Today about the last days; gaps are silent and fine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.events import Diary
from attunement.insights.insight import Basis, Dot, basis, dots
from attunement.insights.silence import Tally, Voice
from attunement.moments.noted import Answer, Topic, read_noted
from attunement.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Week:
    """code, and the one count its sentence may name:

    quiet-week (0: nothing noted, and that is fine), mended-first (mended), answered-count (answered), good-moments
    (good moments), too-few and thanks (all that was noted).
    """

    code: str
    count: int
    mended: int
    basis: Basis
    dots: tuple[Dot, ...]


def this_week(diary: Diary, scheme: Scheme, *, most_dots: int | None = None) -> Week:
    """What may be said of a diary that holds just these days (see `between`). A count, never a share."""
    noted = read_noted(diary, scheme)
    said, answered = noted.answer != Answer.NOT_SAID, noted.answer == Answer.ANSWERED
    days = basis(noted.day, noted=len(noted))
    counts = {
        "mended-first": int(np.count_nonzero(noted.mended)),
        "answered-count": _if_enough(Tally(int(answered.sum()), int(said.sum()), basis(noted.day[said], noted=0).days)),
        "good-moments": int(np.count_nonzero(noted.about(Topic.GOOD))),
        "too-few": len(noted) if Tally(0, len(noted), days.days).voice("caregiver") is Voice.SILENT else 0,
        "thanks": len(noted),
    }
    code = next((code for code, count in counts.items() if count), "quiet-week")
    shown = dots(noted, np.ones(len(noted), np.bool_), most=most_dots)
    return Week(code, counts.get(code, 0), counts["mended-first"], days, shown)


def _if_enough(tally: Tally) -> int:
    return tally.k if tally.voice("caregiver") is not Voice.SILENT else 0
