"""Replies: how often a signal is answered, by a rule that is part of the number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

from attunement.events import Bools, Events, Ints
from attunement.measures.rules import CALM_MS, FEWEST, WINDOW_MS, ReplyRule, check_caregiver
from attunement.measures.seen import Seen, look
from attunement.moments.tracks import FUNCTIONS, Marks, Tracks, tracks
from attunement.schemes import Function, Scheme
from attunement.stats.clusters import share_interval
from attunement.stats.intervals import wilson
from attunement.stats.rotation import circle_gaps, overlaps

Floats = npt.NDArray[np.float64]


class Reply(IntEnum):
    """What became of a signal."""

    ANSWERED = 0  # a fitting act began in the window
    LATE = 1  # it began after the window, before the next signal
    MISREAD = 2  # an act began in the window, and none that fits
    MISSED = 3  # none began


@dataclass(frozen=True, slots=True)
class Share:
    """Signals by what became of them. `share` and `interval` are None below FEWEST signals.

    sessions: (sessions, 4) the same in each, where there are several.
    """

    answered: int
    late: int
    misread: int
    missed: int
    sessions: Ints | None = field(default=None, repr=False, compare=False)

    @property
    def signals(self) -> int:
        return self.answered + self.late + self.misread + self.missed

    @property
    def share(self) -> float | None:
        """answered / signals, 0 to 1."""
        return self.answered / self.signals if self.signals >= FEWEST else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 %. Of one session Wilson's, which takes the signals for independent; of several, see stats.clusters.

        There it takes sessions for independent, not signals: families differ, and so do days.
        """
        if self.signals < FEWEST:
            return None
        each = self.sessions
        several = None if each is None else share_interval(each[:, Reply.ANSWERED], each.sum(axis=1))
        return several or wilson(self.answered, self.signals)


@dataclass(frozen=True, slots=True, eq=False)
class Replies:
    """Replies of all sessions together, and of each.

    counts: (sessions, functions, 4) signals by FUNCTIONS and Reply. expected: (sessions,) how many accident alone would
    answer, NaN where the session has no observed time, None when not asked for.
    answered_by: answered signals by the actor whose fitting act came first. one_recording: what counts as sessions here are
    stretches of one recording.
    """

    rule: ReplyRule
    counts: Ints
    expected: Floats | None
    answered_by: Mapping[str, int]
    observed_ms: int
    one_recording: bool = False

    @property
    def total(self) -> Share:
        return self._share(self.per_session)

    @property
    def per_function(self) -> Mapping[Function, Share]:
        found = {function: self._share(self.counts[:, at]) for at, function in enumerate(FUNCTIONS)}
        return {function: share for function, share in found.items() if share.signals}

    def _share(self, each: Ints) -> Share:
        answered, late, misread, missed = (int(times) for times in each.sum(axis=0))
        return Share(answered, late, misread, missed, None if self.one_recording else each)

    @property
    def per_session(self) -> Ints:
        """(sessions, 4), columns as Reply."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def chance(self) -> float | None:
        """The share of signals that would be answered if the acts, rhythm and all, came at any other time.

        Mean over all rotations of the acts round the circle of the session, without rotating: for a signal of reach r, the
        sum over the gaps g before the acts that fit it of min(g, r) / observed time.
        """
        if self.expected is None or self.total.share is None:
            return None
        signals = self.counts.sum(axis=(1, 2))
        known = ~np.isnan(self.expected) & (signals > 0)
        return float(self.expected[known].sum() / signals[known].sum()) if known.any() else None


def replies(
    events: Events,
    scheme: Scheme,
    *,
    window_ms: int = WINDOW_MS,
    overlap: bool = True,
    reuse: bool = True,
    from_: Literal["end", "onset"] = "end",
    calm_ms: int = CALM_MS,
    caregiver: str | None = None,
    chance: bool = True,
) -> Replies:
    """Replies to the signals of `events`, times in ms.

    A signal is answered when a fitting act begins strictly after its onset and at most `window_ms` after its end (or its
    onset, with `from_`). Without `overlap`, not before its end. Without `reuse`, an act answers only the nearest signal
    before it. An upset signal has no window: it is answered when a fitting act begins before its episode is over, which it
    is after `calm_ms` of quiet; in that very millisecond still counts. With `caregiver`, only that actor's acts count.
    Raises WrongUse.
    """
    rule = ReplyRule(window_ms, from_, overlap, reuse, calm_ms, caregiver)
    check_caregiver(events, caregiver)
    parts = [count_replies(block, rule, look(block, rule), chance=chance) for block in tracks(events, scheme)]
    return join_replies(events, rule, parts)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Replies of one block: counts as in `Replies`; answered_by: (actors,)."""

    counts: Ints
    expected: Floats | None
    answered_by: Ints


def count_replies(block: Tracks, rule: ReplyRule, seen: Seen, *, chance: bool = True) -> Counted:
    """Replies of one block."""
    signals, followed = seen.signals, seen.followed
    answered = followed.fitting <= seen.until
    became = _became(answered, (followed.fitting <= signals.limit) & ~signals.upset, followed.act <= seen.until)
    cell = signals.session * (len(FUNCTIONS) * len(Reply))
    cell += (block.lexicon.function * len(Reply)).take(signals.code)
    cell += became
    shape = (block.sessions, len(FUNCTIONS), len(Reply))
    counts = np.bincount(cell, minlength=block.sessions * len(FUNCTIONS) * len(Reply)).reshape(shape)
    first = followed.act_row.take(followed.fitting_place.take(np.flatnonzero(answered)))
    by = np.bincount(block.actor.take(first), minlength=len(block.actors))
    return Counted(counts, _expected(block, rule, seen) if chance else None, by)


def _became(answered: Bools, late: Bools, acted: Bools) -> Marks:
    """(n,) the Reply to each signal: the first of these that is so."""
    found: Marks = np.uint8(Reply.MISSED) - acted.view(np.uint8)
    np.minimum(found, np.uint8(Reply.MISSED) - late.view(np.uint8) * np.uint8(Reply.MISSED - Reply.LATE), out=found)
    found *= ~answered
    return found


def join_replies(events: Events, rule: ReplyRule, parts: Iterable[Counted]) -> Replies:
    """The blocks of `events`, in order, as one result."""
    parts = list(parts)
    none = np.zeros((0, len(FUNCTIONS), len(Reply)), np.int64)
    expected = [part.expected for part in parts if part.expected is not None]
    by = sum((part.answered_by for part in parts), np.zeros(len(events.actors), np.int64))
    return Replies(
        rule,
        np.concatenate([none, *(part.counts for part in parts)]),
        np.concatenate(expected) if len(expected) == len(parts) and parts else None,
        {name: int(times) for name, times in zip(events.actors, by, strict=True) if times},
        int(events.observed_ms.sum()),
    )


def _expected(block: Tracks, rule: ReplyRule, seen: Seen) -> Floats:
    """How many signals of each session would be answered in the mean over all rotations of its acts, (sessions,)."""
    kinds, sessions, signals = len(block.lexicon.serves), block.sessions, seen.signals
    gaps, group = _gaps_between_acts(block, seen.followed.act_row)
    opens = signals.onset if rule.overlap else np.maximum(signals.onset, signals.end - 1)
    asking = block.lexicon.asks.take(signals.code) * sessions + signals.session
    hits = overlaps(gaps, group, np.maximum(seen.until - opens, 0), asking, kinds * sessions)
    observed = block.observed_ms.astype(np.float64)
    observed[observed == 0] = np.nan
    expected: Floats = hits.reshape(kinds, sessions).sum(axis=0) / observed
    return np.minimum(expected, np.bincount(signals.session, minlength=sessions))


def _gaps_between_acts(block: Tracks, row: Ints) -> tuple[Ints, Ints]:
    """For each kind of asking in each session, the gaps between the acts that fit, round the circle; and whose they are."""
    session, code, begins = block.session_of(row), block.code.take(row), block.start.take(row)
    around = block.finish - block.opens
    gaps, group = [], []
    for kind, serves in enumerate(block.lexicon.serves):
        fitting = np.flatnonzero(serves.take(code))
        theirs = session.take(fitting)
        gaps.append(circle_gaps(begins.take(fitting), theirs, around))
        group.append(theirs + kind * block.sessions)
    return np.concatenate(gaps), np.concatenate(group)
