"""Match and repair: how much of the shared time both partners match, and how soon they find each other again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from attunement.clock import MINUTE
from attunement.events import Bools, Events, Ints
from attunement.measures.rules import FEWEST, STEP_MS
from attunement.moments.states import APART, MATCH, MISMATCH, JointStates, joint_states
from attunement.moments.tracks import Tracks, checked_window, tracks
from attunement.schemes import Scheme
from attunement.stats.survival import quantiles

FEWEST_BOTH_MS = 10 * STEP_MS  # below ten steps of the coding grid one look moves the share by a tenth


@dataclass(frozen=True, slots=True, eq=False)
class Repair:
    """Match and repair of all sessions together, and of each.

    per_session: (sessions, 3) ms in which both are in a coded state, ms of them matching, and repairs.
    mismatches_each: (sessions,) stretches of mismatch. mismatches: (m,) how long each of them lasted, ms; mended: (m,) False
    where it did not turn into a match (a state ended, the session ended). steps: how many steps of `step_ms` began in a
    mismatch with both still in a coded state one step later, and how many of those were then a match.
    """

    per_session: Ints
    mismatches: Ints
    mended: Bools
    mismatches_each: Ints
    steps: tuple[int, int]
    step_ms: int
    observed_ms: int

    @property
    def both_ms(self) -> int:
        return int(self.per_session[:, 0].sum())

    @property
    def match_ms(self) -> int:
        return int(self.per_session[:, 1].sum())

    @property
    def repairs(self) -> int:
        return int(self.per_session[:, 2].sum())

    @property
    def match_share(self) -> float | None:
        """match_ms / both_ms, the time in which both are in a coded state; None below FEWEST_BOTH_MS of it."""
        return self.match_ms / self.both_ms if self.both_ms >= FEWEST_BOTH_MS else None

    @property
    def repairs_per_minute(self) -> float | None:
        """Changes from mismatch to match / minutes in which both are in a coded state."""
        return self.repairs * MINUTE / self.both_ms if self.both_ms >= FEWEST_BOTH_MS else None

    @property
    def median_ms(self) -> int | None:
        """Kaplan-Meier median of the time to repair; None with fewer than FEWEST repairs."""
        return quantiles(self.mismatches, self.mended, (0.5,))[0] if self.repairs >= FEWEST else None

    @property
    def next_step(self) -> float | None:
        """The chance that a mismatch is a match one step later; None with fewer than FEWEST such steps."""
        tried, matched = self.steps
        return matched / tried if tried >= FEWEST else None


def repair(events: Events, scheme: Scheme, *, step_ms: int = STEP_MS) -> Repair:
    """Match and repair by `scheme.matches`; only events that last are states. Raises WrongUse."""
    checked_window(step_ms, "step")
    return join_repair(events, step_ms, [count_repair(block, step_ms) for block in tracks(events, scheme)])


def count_repair(block: Tracks, step_ms: int) -> Repair:
    """Match and repair of one block."""
    joint = joint_states(block)
    both, match = joint.state != APART, joint.state == MATCH
    mismatch = np.flatnonzero(joint.state == MISMATCH)
    found_again = np.append(match[1:], False).take(mismatch)
    columns = [
        np.bincount(joint.session, joint.length * both, block.sessions),
        np.bincount(joint.session, joint.length * match, block.sessions),
        np.bincount(joint.session.take(mismatch), found_again, block.sessions),
    ]
    each = np.bincount(joint.session.take(mismatch), minlength=block.sessions)
    steps = _steps(joint, block, step_ms)
    counts = np.stack(columns, axis=1).astype(np.int64)
    return Repair(counts, joint.length.take(mismatch), found_again, each, steps, step_ms, int(block.observed_ms.sum()))


def join_repair(events: Events, step_ms: int, parts: Iterable[Repair]) -> Repair:
    """The blocks of `events`, in order, as one result."""
    parts = list(parts)
    none = np.empty(0, np.int64)
    return Repair(
        np.concatenate([np.zeros((0, 3), np.int64), *(part.per_session for part in parts)]),
        np.concatenate([none, *(part.mismatches for part in parts)]),
        np.concatenate([none > 0, *(part.mended for part in parts)]),
        np.concatenate([none, *(part.mismatches_each for part in parts)]),
        (sum(part.steps[0] for part in parts), sum(part.steps[1] for part in parts)),
        step_ms, int(events.observed_ms.sum()),
    )  # fmt: skip


def _steps(joint: JointStates, block: Tracks, step_ms: int) -> tuple[int, int]:
    """Steps of a grid from each session's beginning that begin in a mismatch: with both still coded after, and matching."""
    mismatch = np.flatnonzero(joint.state == MISMATCH)
    opens = block.opens.take(joint.session.take(mismatch))
    first = -((opens - joint.start.take(mismatch)) // step_ms)  # the first step at or after the stretch's start
    last = -((opens - joint.end.take(mismatch)) // step_ms)  # the first one at or after its end
    many = last - first
    if not many.sum():
        return 0, 0
    number = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + np.repeat(first, many)
    after = np.repeat(opens, many) + (number + 1) * step_ms
    place = np.searchsorted(joint.start, after, "right") - 1
    state = np.where(after < joint.end[-1], joint.state[place], APART)
    return int(np.count_nonzero(state != APART)), int(np.count_nonzero(state == MATCH))
