"""What replies, latency and comfort share: the signals of a block, their episodes, their windows and what followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.events import Ints
from attunement.measures.rules import ReplyRule
from attunement.moments.episodes import Episodes, episodes
from attunement.moments.following import Followed, Signals, follow, signals_of
from attunement.moments.tracks import Tracks


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Found once for a block. until: (signals,) the time on the clock by which an act still answers, both included."""

    signals: Signals
    upsets: Episodes
    until: Ints
    followed: Followed


def look(block: Tracks, rule: ReplyRule) -> Seen:
    signals = signals_of(block)
    upsets = episodes(signals, calm_ms=rule.calm_ms)
    until = (signals.end if rule.from_ == "end" else signals.onset) + rule.window_ms
    if len(upsets):
        until[upsets.signal] = upsets.closes.take(upsets.of_signal)
    if not rule.reuse:
        until = np.minimum(until, signals.limit)
    bound = np.maximum(until, signals.limit)  # after this an act is no answer, not even a late one
    return Seen(signals, upsets, until, follow(block, signals, bound, overlap=rule.overlap, caregiver=rule.caregiver))
