"""Latency: how long until the first fitting act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from attunement.events import Bools, Events, Ints
from attunement.measures.rules import FEWEST, ReplyRule, check_caregiver
from attunement.measures.seen import Seen, look
from attunement.moments.tracks import CHILD_SOUND, Tracks, tracks
from attunement.schemes import Scheme
from attunement.stats.survival import quantiles


@dataclass(frozen=True, slots=True, eq=False)
class Latency:
    """Waiting times from the end of a sound, or the onset of any other signal, to the first fitting act.

    times: (n,) ms, below zero where the act began during the sound; seen: (n,) False where the next signal or the end of
    the session came first; per_session: (sessions,) how many of them each session has, one after another. Upset signals are
    left out: for them, see comfort. median_ms, quartiles_ms: Kaplan-Meier; None with fewer than FEWEST answers, or where so
    large a share was never seen to be answered.
    """

    times: Ints
    seen: Bools
    median_ms: int | None
    quartiles_ms: tuple[int | None, int | None]
    caregiver: str | None
    observed_ms: int
    per_session: Ints


def latency(events: Events, scheme: Scheme, *, caregiver: str | None = None) -> Latency:
    """Latency over all sessions of `events`. Raises WrongUse for a caregiver who is not there."""
    check_caregiver(events, caregiver)
    rule = ReplyRule(caregiver=caregiver)
    return join_latency(events, rule, [count_latency(block, look(block, rule)) for block in tracks(events, scheme)])


@dataclass(frozen=True, slots=True, eq=False)
class Waited:
    """Waiting times of one block, (n,) each; per_session: (sessions,) how many."""

    times: Ints
    seen: Bools
    per_session: Ints


def count_latency(block: Tracks, seen: Seen) -> Waited:
    """From each signal's reference to its first fitting act, or to its limit when that came first."""
    signals, fitting = seen.signals, seen.followed.fitting
    is_sound = (block.lexicon.bits & CHILD_SOUND) != 0
    since = np.where(is_sound.take(signals.code), signals.end, signals.onset)
    times = np.minimum(fitting, signals.limit) - since
    calm = np.flatnonzero(~signals.upset)
    many = np.bincount(signals.session.take(calm), minlength=block.sessions)
    return Waited(times.take(calm), (fitting <= signals.limit).take(calm), many)


def join_latency(events: Events, rule: ReplyRule, parts: Iterable[Waited]) -> Latency:
    """The blocks of `events` as one result."""
    parts = list(parts)
    times = np.concatenate([np.empty(0, np.int64), *(part.times for part in parts)])
    seen = np.concatenate([np.empty(0, np.bool_), *(part.seen for part in parts)])
    many = np.concatenate([np.empty(0, np.int64), *(part.per_session for part in parts)])
    low, median, high = quantiles(times, seen) if seen.sum() >= FEWEST else (None, None, None)
    return Latency(times, seen, median, (low, high), rule.caregiver, int(events.observed_ms.sum()), many)
