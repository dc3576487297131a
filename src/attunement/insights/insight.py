"""An insight as a value: a code and the facts behind it. The sentences themselves live in the site's templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from attunement.events import Bools, Index
from attunement.insights.silence import Range, Voice
from attunement.moments.noted import Answer, Noted, Settled, Topic

_EPOCH = date(1970, 1, 1)


class Dot(StrEnum):
    """How one moment is drawn."""

    ANSWERED = "answered"
    MISSED = "missed"
    MENDED = "mended"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a sentence rests on: `n` moments that say enough, of `noted`, on `days` days, `first` to `last`."""

    n: int
    noted: int
    days: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Counts:
    """For practitioners, from 50 effective notes on: `k` of `n`, never without its 95 % interval (0 to 1)."""

    k: int
    n: int
    n_eff: float
    interval: Range


@dataclass(frozen=True, slots=True)
class Insight:
    """What the notes on one topic add up to.

    code: nothing-noted, too-few, too-few-days, about-half, more-than-half, fewer-than-half, nearly-all, settling-hard.
    k of the words: of upset moments those that settled together, of others those answered, or missed and then mended.
    band: 80 % interval (0 to 1) to draw as one calm stretch, from `Voice.BAND` on. counts: always None for caregivers.
    """

    topic: Topic
    mended: int
    code: str
    voice: Voice
    basis: Basis
    dots: tuple[Dot, ...]
    band: Range | None
    counts: Counts | None

    @property
    def says(self) -> tuple[str, ...]:
        """The codes in the order they are said: what was mended comes first."""
        return (("mended-first",) if self.mended else ()) + (self.code,)


_DRAWN = np.array(list(Dot), dtype=object)
_PLACE = {dot: at for at, dot in enumerate(Dot)}
_BY_ANSWER = {
    Answer.NOT_SAID: Dot.NOT_SAID,
    Answer.MISSED: Dot.MISSED,
    Answer.MISREAD: Dot.MISSED,
    Answer.LATE: Dot.MISSED,
    Answer.ANSWERED: Dot.ANSWERED,
}
_BY_ENDING = {
    Settled.UNKNOWN: Dot.NOT_SAID,
    Settled.TOGETHER: Dot.ANSWERED,
    Settled.ALONE: Dot.NOT_SAID,  # neither met nor missed
    Settled.UNRESOLVED: Dot.MISSED,
}


def dots(noted: Noted, shown: Bools, *, by_ending: bool = False, most: int | None = None) -> tuple[Dot, ...]:
    """The `most` last moments of the mask `shown` (n,) as dots, in the order of their days.

    By how the signal was answered, or `by_ending`: settled together is filled, still upset a ring, settled alone plain.
    A moment that was mended is always drawn as mended; a good moment is filled.
    """
    rows = np.flatnonzero(shown)
    rows = rows[np.argsort(noted.day[rows], kind="stable")]
    rows = rows[max(len(rows) - most, 0) :] if most is not None else rows
    by_answer = np.array([_PLACE[_BY_ANSWER[answer]] for answer in Answer])[noted.answer[rows]]
    drawn = np.array([_PLACE[_BY_ENDING[way]] for way in Settled])[noted.settled[rows]] if by_ending else by_answer
    drawn[noted.about(Topic.GOOD)[rows]] = _PLACE[Dot.ANSWERED]
    drawn[noted.mended[rows]] = _PLACE[Dot.MENDED]
    return tuple(_DRAWN[drawn].tolist())


def basis(day: Index, *, noted: int) -> Basis:
    """The basis of moments on these days (n,), of `noted` in all."""
    if not len(day):
        return Basis(0, noted, 0, None, None)
    ordered = np.sort(day, kind="stable")  # rows mostly come by day, which makes this one pass
    days = 1 + int(np.count_nonzero(np.diff(ordered)))
    return Basis(len(day), noted, days, _date(ordered[0]), _date(ordered[-1]))


def _date(day: np.int32) -> date:
    return _EPOCH + timedelta(days=int(day))
