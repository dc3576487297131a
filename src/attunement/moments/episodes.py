"""Upset episodes: upset signals close together, the first comfort, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.events import Bools, Ints
from attunement.moments.following import Followed, Signals
from attunement.moments.tracks import OUTCOME, Marks, Tracks

UNRESOLVED, TOGETHER, ALONE = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Episodes:
    """Upset episodes of a block, one row each (e,), by onset; times on the clock.

    closes: `calm_ms` after the last upset signal's end: quiet until then means calm.
    signal: (u,) the upset signals, by place in `Signals`. first: (e,) where each episode begins in `signal`.
    """

    session: Ints
    onset: Ints
    end: Ints
    closes: Ints
    signal: Ints
    first: Ints

    def __len__(self) -> int:
        return len(self.onset)

    @property
    def of_signal(self) -> Ints:
        """(u,) the episode of each upset signal."""
        return np.repeat(np.arange(len(self)), np.diff(np.append(self.first, len(self.signal))))


@dataclass(frozen=True, slots=True, eq=False)
class Endings:
    """How each episode went on, (e,): when the first comforting act began (NEVER for none), whether that was before it
    closed, and how it ended: UNRESOLVED, TOGETHER or ALONE."""

    comfort: Ints
    comforted: Bools
    ending: Marks


def episodes(signals: Signals, *, calm_ms: int) -> Episodes:
    """Upset signals less than `calm_ms` apart, from end to onset, are one episode."""
    upset = np.flatnonzero(signals.upset)
    onset, end = signals.onset.take(upset), signals.end.take(upset)
    if not len(upset):
        return Episodes(upset, upset, upset, upset, upset, upset)
    apart = onset[1:] - np.maximum.accumulate(end)[:-1] >= calm_ms
    first = np.flatnonzero(np.append(True, apart))
    ends = np.maximum.reduceat(end, first)
    return Episodes(signals.session.take(upset.take(first)), onset.take(first), ends, ends + calm_ms, upset, first)


def endings(tracks: Tracks, upsets: Episodes, followed: Followed) -> Endings:
    """It ended together when calm came and a comforting act had begun, after the onset and before it closed; alone when
    calm came without one; unresolved when the recording ended before the quiet had lasted.

    An outcome coded between an episode's onset and the next one's has the last word.
    """
    if not len(upsets):
        return Endings(upsets.onset, upsets.onset > 0, upsets.onset.astype(np.uint8))
    comfort = np.minimum.reduceat(followed.fitting.take(upsets.signal), upsets.first)
    comforted = comfort <= upsets.closes
    calm = upsets.closes <= tracks.finish.take(upsets.session)
    by_rule = np.where(calm, np.where(comforted, TOGETHER, ALONE), UNRESOLVED).astype(np.uint8)
    return Endings(comfort, comforted, _as_coded(tracks, upsets, by_rule))


def _as_coded(tracks: Tracks, upsets: Episodes, ending: Marks) -> Marks:
    """The last outcome coded from an episode's onset until the next one, where there is one."""
    coded, _ = tracks.rows(OUTCOME)
    if not len(coded):
        return ending
    when = tracks.start.take(coded)
    next_onset = np.append(upsets.onset[1:], tracks.finish[-1] + 1)
    last = np.searchsorted(when, np.minimum(next_onset, tracks.finish.take(upsets.session) + 1)) - 1
    is_its = (last >= 0) & (when.take(last) >= upsets.onset)
    return np.where(is_its, _meaning(tracks).take(tracks.code.take(coded)).take(last), ending)


def _meaning(tracks: Tracks) -> Marks:
    scheme = tracks.scheme
    means = np.full(len(scheme.codes), UNRESOLVED, np.uint8)
    means[scheme.among(scheme.endings.settled_together)] = TOGETHER
    means[scheme.among(scheme.endings.settled_alone)] = ALONE
    return means
