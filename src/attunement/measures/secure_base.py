"""Secure base: the child goes off to explore, checks back, and comes for comfort when upset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.clock import MINUTE, SECOND
from attunement.events import Bools, Events, Ints
from attunement.measures.rules import CALM_MS, FEWEST, ReplyRule
from attunement.measures.seen import look
from attunement.moments.tracks import Tracks, checked_window, tracks
from attunement.schemes import Function, Scheme

GAP_MS = 10 * SECOND  # project: a child who stops to look about for less is still exploring

# Codes of the `attunement` scheme whose meaning is more than their function.
CHECK_BACKS = frozenset({"check-back", "reference-look"})
NOT_EXPLORING = CHECK_BACKS | {"follow-look", "pause"}  # looks along, or stops, because of the caregiver
RETURNS = frozenset({"arms-up", "cling", "follow", "shows-hurt", "reach-to-person"})  # the child comes for closeness


@dataclass(frozen=True, slots=True, eq=False)
class SecureBase:
    """per_session: (sessions, 5) exploring bouts, ms in them, check-backs in them, upsets from them, returns of those."""

    per_session: Ints
    gap_ms: int
    calm_ms: int
    observed_ms: int

    @property
    def bouts(self) -> int:
        return int(self.per_session[:, 0].sum())

    @property
    def exploring_ms(self) -> int:
        return int(self.per_session[:, 1].sum())

    @property
    def check_backs(self) -> int:
        return int(self.per_session[:, 2].sum())

    @property
    def upsets(self) -> int:
        return int(self.per_session[:, 3].sum())

    @property
    def returns(self) -> int:
        return int(self.per_session[:, 4].sum())

    @property
    def check_backs_per_minute(self) -> float | None:
        """check_backs / minutes of exploring; None below one minute of it."""
        return self.check_backs * MINUTE / self.exploring_ms if self.exploring_ms >= MINUTE else None

    @property
    def return_share(self) -> float | None:
        """returns / upsets from exploring; None with fewer than FEWEST."""
        return self.returns / self.upsets if self.upsets >= FEWEST else None


def secure_base(events: Events, scheme: Scheme, *, gap_ms: int = GAP_MS, calm_ms: int = CALM_MS) -> SecureBase:
    """Signals to explore that are less than `gap_ms` apart, end to onset, are one bout, from first onset to last end.

    A check-back is in a bout when it begins from the bout's onset to less than `gap_ms` after its end. An upset episode (see
    comfort) comes from exploring when it begins in that same time; the child returns when a code of coming close begins
    from the episode's onset until it closes. Ainsworth et al. 1978; Bowlby 1988. Raises WrongUse.
    """
    checked_window(gap_ms, "gap")
    rule = ReplyRule(calm_ms=calm_ms)
    parts = [_count(block, rule, gap_ms) for block in tracks(events, scheme)]
    counts = np.concatenate([np.zeros((0, 5), np.int64), *parts])
    return SecureBase(counts, gap_ms, calm_ms, int(events.observed_ms.sum()))


def exploring(scheme: Scheme) -> Bools:
    """(codes,) the signals that are exploring itself."""
    return scheme.is_signal & scheme.with_function(Function.EXPLORE) & ~scheme.among(NOT_EXPLORING)


def _count(block: Tracks, rule: ReplyRule, gap_ms: int) -> Ints:
    row = _of(block, exploring(block.scheme))
    onset, end = block.start.take(row), np.maximum.accumulate(block.end.take(row))
    first = np.flatnonzero(np.append(True, onset[1:] - end[:-1] >= gap_ms)[: len(row)])
    begins, session = onset.take(first), block.session_of(row).take(first)
    ends = np.append(end[first[1:] - 1], end[-1:])
    checks = block.start.take(_of(block, block.scheme.among(CHECK_BACKS)))
    upsets = look(block, rule).upsets
    frightened = _within(upsets.onset, begins, ends + gap_ms)
    coming = block.start.take(_of(block, block.scheme.among(RETURNS)))
    came = np.searchsorted(coming, upsets.closes, "right") > np.searchsorted(coming, upsets.onset, "left")
    bout_of_check = np.searchsorted(begins, checks, "right") - 1
    checked = bout_of_check[_within(checks, begins, ends + gap_ms)]
    columns = [
        np.bincount(session, minlength=block.sessions), np.bincount(session, ends - begins, block.sessions),
        np.bincount(session.take(checked), minlength=block.sessions),
        np.bincount(upsets.session, frightened, block.sessions),
        np.bincount(upsets.session, frightened & came, block.sessions),
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.int64)


def _of(block: Tracks, codes: Bools) -> Ints:
    return np.flatnonzero(np.append(codes, False).take(block.code))


def _within(when: Ints, begins: Ints, until: Ints) -> Bools:
    """(n,) which moments lie in one of the spans [begins, until), whose beginnings are in order."""
    bout = np.searchsorted(begins, when, "right") - 1
    return np.asarray((bout >= 0) & (when < np.append(until, 0).take(bout)))
