"""Two partners who match, miss each other and mend it: a chain of two states with known rates."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log

import numpy as np

from attunement.clock import SECOND
from attunement.errors import WrongUse
from attunement.events import Bools, Ints
from attunement.schemes import Scheme
from attunement.simulate.simulated import CAREGIVER, CHILD, Rows, Simulated, checked_size, laid_out


@dataclass(frozen=True, slots=True)
class Matching:
    """In each step of `step_ms`, a match is left with the chance `leave` and a mismatch is mended with `repair`.

    Defaults: repair .35 (Tronick & Gianino 1986, from memory), leave .82, which gives the 30 % of matching time.
    """

    leave: float = 0.82
    repair: float = 0.35
    step_ms: int = SECOND

    @property
    def match_share(self) -> float:
        """repair / (repair + leave): the share of matching time in the long run."""
        return self.repair / (self.repair + self.leave)

    @property
    def median_ms(self) -> int:
        """The first step by which half of the mismatches are mended: (1 - repair)^k <= 1/2."""
        return self.step_ms * max(1, ceil(log(0.5) / log(1 - self.repair) - 1e-9)) if self.repair < 1 else self.step_ms

    @property
    def repairs_per_step(self) -> float:
        return (1 - self.match_share) * self.repair


@dataclass(frozen=True, slots=True, eq=False)
class MatchingTruth:
    """Parameters, and what they came to, (sessions,) each: steps of matching, and changes from mismatch to match."""

    matching: Matching
    matched_steps: Ints
    repairs: Ints


def matching(way: Matching, by: Scheme, *, sessions: int, steps: int, seed: int) -> Simulated[MatchingTruth]:
    """`sessions` sessions of `steps` steps, each beginning in the long run's mixture of states. Raises WrongUse.

    The child stays in one state; the caregiver moves between one that matches it and one that does not. All sessions are
    cut from one long chain: it has no memory, so a cut changes nothing.
    """
    checked_size(sessions=sessions, length_ms=steps * way.step_ms)
    if not (0 < way.leave <= 1 and 0 < way.repair <= 1):
        raise WrongUse(f"chances {way.leave} and {way.repair}", remedy="give chances above 0 and up to 1")
    rng = np.random.default_rng(seed)
    child, match, other = _states(by)
    edges, matches = _stretches(rng, way, sessions, steps)
    session, start, length = edges[:-1] // steps, edges[:-1] % steps, np.diff(edges)
    end = start + length
    everyone = np.arange(sessions)
    parts = [
        Rows(
            CHILD,
            everyone,
            np.full(sessions, child),
            np.zeros(sessions, np.int64),
            np.full(sessions, steps * way.step_ms),
        ),
        Rows(CAREGIVER, session, np.where(matches, match, other), start * way.step_ms, end * way.step_ms),
    ]
    mended = matches & (start > 0)  # stretches alternate, so a match that opens no session ends a mismatch
    truth = MatchingTruth(
        way,
        np.bincount(session, length * matches, sessions).astype(np.int64),
        np.bincount(session[mended], minlength=sessions),
    )
    return Simulated(laid_out(parts, by, sessions=sessions, length_ms=steps * way.step_ms), truth)


def _stretches(rng: np.random.Generator, way: Matching, sessions: int, steps: int) -> tuple[Ints, Bools]:
    """Edges (stretches + 1,), in steps, of stretches cut at sessions, and which of them match; neighbours of one session
    differ."""
    total = sessions * steps
    pairs = int(total / (1 / way.leave + 1 / way.repair) * 1.1) + 1_000  # some more than will be needed
    begins_matching = bool(rng.random() < way.match_share)
    chances = np.tile([way.leave, way.repair] if begins_matching else [way.repair, way.leave], pairs)
    changes = np.cumsum(rng.geometric(chances))
    changes = changes[changes < total]
    edges = np.union1d(changes, np.arange(sessions + 1) * steps)
    matches = (np.searchsorted(changes, edges[:-1], "right") % 2 == 0) == begins_matching
    return edges, matches


def _states(by: Scheme) -> tuple[int, int, int]:
    """A child's code, a caregiver's act that matches it, and one that matches nothing of it."""
    acts = by.is_act & by.by_role("caregiver")
    for child in np.flatnonzero(by.is_signal & ~by.is_upset):
        match, other = np.flatnonzero(by.matches[child] & acts), np.flatnonzero(~by.matches[child] & acts)
        if len(match) and len(other):
            return int(child), int(match[0]), int(other[0])
    raise WrongUse(f"“{by.name}” knows no matching states", remedy="use a scheme that does, such as attunement")
