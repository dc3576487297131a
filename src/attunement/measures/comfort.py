"""Comfort: upset episodes, how soon comfort came, how long until quiet, and how they ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from attunement.events import Bools, Events, Ints
from attunement.measures.rules import CALM_MS, FEWEST, ReplyRule, check_caregiver
from attunement.measures.seen import Seen, look
from attunement.moments.episodes import ALONE, TOGETHER, UNRESOLVED, endings
from attunement.moments.tracks import Tracks, tracks
from attunement.schemes import Scheme
from attunement.stats.survival import quantiles


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Times (n,) in ms until something came; seen: (n,) False where the episode or the recording was over first."""

    times: Ints
    seen: Bools

    @property
    def median_ms(self) -> int | None:
        """Kaplan-Meier; None when it was seen fewer than FEWEST times, or for fewer than half."""
        return quantiles(self.times, self.seen, (0.5,))[0] if self.seen.sum() >= FEWEST else None


@dataclass(frozen=True, slots=True, eq=False)
class Comfort:
    """Upset episodes of all sessions together, and of each.

    per_session: (sessions, 3) episodes settled together, settled alone, unresolved. to_comfort: from an episode's onset to
    the first comforting act. to_quiet: from that act to the end of the last upset signal, 0 when it was over by then; only
    of episodes with comfort; not seen where no calm followed. length: from first onset to last end.
    """

    per_session: Ints
    to_comfort: Waits
    to_quiet: Waits
    length: Waits
    calm_ms: int
    caregiver: str | None
    observed_ms: int

    @property
    def together(self) -> int:
        return int(self.per_session[:, 0].sum())

    @property
    def alone(self) -> int:
        return int(self.per_session[:, 1].sum())

    @property
    def unresolved(self) -> int:
        return int(self.per_session[:, 2].sum())

    @property
    def episodes(self) -> int:
        return int(self.per_session.sum())

    @property
    def median_ms(self) -> int | None:
        """Median time to quiet, from the first comforting act."""
        return self.to_quiet.median_ms


def comfort(events: Events, scheme: Scheme, *, calm_ms: int = CALM_MS, caregiver: str | None = None) -> Comfort:
    """Upset signals less than `calm_ms` apart are one episode; quiet that long is calm.

    Settled together: calm came, and a comforting (fitting) act had begun after the episode's onset and before calm was
    complete, or in the very millisecond in which it was. Settled alone: calm came without one. Unresolved: the recording
    ended first. A coded outcome has the last word.
    Raises WrongUse.
    """
    check_caregiver(events, caregiver)
    rule = ReplyRule(calm_ms=calm_ms, caregiver=caregiver)
    return join_comfort(events, rule, [count_comfort(block, look(block, rule)) for block in tracks(events, scheme)])


def count_comfort(block: Tracks, seen: Seen) -> Comfort:
    """The episodes of one block."""
    upsets = seen.upsets
    how = endings(block, upsets, seen.followed)
    calm = how.ending != UNRESOLVED
    closed = np.minimum(upsets.closes, block.finish.take(upsets.session))
    to_comfort = Waits(np.minimum(how.comfort, np.maximum(closed, upsets.onset)) - upsets.onset, how.comforted)
    held = np.flatnonzero(how.comforted)
    to_quiet = Waits(np.maximum(upsets.end - how.comfort, 0).take(held), calm.take(held))
    counts = np.stack(
        [np.bincount(upsets.session, how.ending == ending, block.sessions) for ending in (TOGETHER, ALONE, UNRESOLVED)],
        axis=1,
    ).astype(np.int64)
    length = Waits(upsets.end - upsets.onset, calm)
    return Comfort(counts, to_comfort, to_quiet, length, 0, None, int(block.observed_ms.sum()))


def join_comfort(events: Events, rule: ReplyRule, parts: Iterable[Comfort]) -> Comfort:
    """The blocks of `events`, in order, as one result."""
    parts = list(parts)
    counts = np.concatenate([np.zeros((0, 3), np.int64), *(part.per_session for part in parts)])
    return Comfort(
        counts, _joined(part.to_comfort for part in parts), _joined(part.to_quiet for part in parts),
        _joined(part.length for part in parts), rule.calm_ms, rule.caregiver, int(events.observed_ms.sum()),
    )  # fmt: skip


def _joined(parts: Iterable[Waits]) -> Waits:
    parts = list(parts)
    return Waits(
        np.concatenate([np.empty(0, np.int64), *(part.times for part in parts)]),
        np.concatenate([np.empty(0, np.bool_), *(part.seen for part in parts)]),
    )
