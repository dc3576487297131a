"""Event lags: which kind of move follows which, one step on or several, whatever the time between."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from attunement.errors import WrongUse
from attunement.events import Bools, Events, Ints
from attunement.measures.contingency import PERMUTATIONS
from attunement.measures.rules import FEWEST
from attunement.moments.tracks import Tracks, checked_window, tracks
from attunement.schemes import Scheme
from attunement.stats.independence import Fit, fit
from attunement.stats.order import order_p

Floats = npt.NDArray[np.float64]

PAUSE = "pause"
MOST_SHUFFLED = 4_000  # moves: from there on G2 follows chi-square, and shuffling takes seconds


@dataclass(frozen=True, slots=True, eq=False)
class Lags:
    """kinds: names of the kinds of moves, in the order of the table. counts: (kinds, kinds) [given, target `lag` later].

    possible: (kinds, kinds) False for structural zeros. sequences: stretches without a break that were counted.
    p: the chance of so large a G2 if there were no order, where there is a `fit`: see stats.order; from MOST_SHUFFLED moves
    on by chi-square, which is right there.
    """

    kinds: tuple[str, ...]
    counts: Ints
    possible: Bools
    lag: int
    repeats: bool
    sequences: int
    observed_ms: int
    p: float | None = None
    permutations: int = 0
    seed: int = 0

    @property
    def steps(self) -> int:
        return int(self.counts.sum())

    @property
    def fit(self) -> Fit | None:
        """Expected counts, adjusted residuals, G2; None below FEWEST steps for each cell that may vary."""
        found = fit(self.counts, self.possible)
        return found if found.df > 0 and self.steps >= FEWEST * found.df else None

    @property
    def probabilities(self) -> Floats:
        """(kinds, kinds) counts / row sum: the chance of the target, given; NaN in rows with fewer than FEWEST steps."""
        row = self.counts.sum(axis=1, keepdims=True).astype(np.float64)
        row[row < FEWEST] = np.nan
        return np.asarray(self.counts / row)


def lags(
    events: Events,
    scheme: Scheme,
    *,
    lag: int = 1,
    repeats: bool = True,
    pause_ms: int | None = None,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Lags:
    """Moves in order of onset, each named by who and what it asks or serves: "child connect", "caregiver comfort".

    Moves are signals and acts. Without `repeats`, moves of one kind in a row are one, and a kind cannot follow itself at
    lag 1, which is a structural zero: expected counts then come from iterative proportional fitting. With `pause_ms`, time
    in which no move is under way is cut into whole pauses of that length, each a move of the kind "pause": what follows
    at once is then told from what follows late (Lloyd, Kennedy & Yoder 2013). No step leads from one session, or one
    coded stretch, into another. p comes from `permutations` sequences of the same moves without an order. Raises WrongUse.
    """
    if pause_ms is not None:
        checked_window(pause_ms, "pause")
    role = scheme.is_signal.astype(np.intp) + 2 * scheme.is_act
    named = [f"{'child' if code.kind == 'signal' else 'caregiver'} {code.function}" for code in scheme.codes]
    kinds = (*dict.fromkeys(name for name, move in zip(named, role.tolist(), strict=True) if move), PAUSE)
    at = np.array([kinds.index(name) if move else -1 for name, move in zip(named, role.tolist(), strict=True)] + [-1])
    stream, session = [np.empty(0, np.intp)], [np.empty(0, np.int64)]
    first = 0
    for block in tracks(events, scheme):
        kind = at.take(block.code)
        row = np.flatnonzero(kind >= 0)
        moves, whose = kind.take(row), block.session_of(row)
        if pause_ms is not None:
            when, of = _pauses(block, row, pause_ms)
            order = np.argsort(np.concatenate([block.start.take(row), when]), kind="stable")
            moves = np.concatenate([moves, np.full(len(when), len(kinds) - 1)])[order]
            whose = np.concatenate([whose, of])[order]
        stream.append(moves)
        session.append(whose + first)
        first += block.sessions
    moves, whose = _told_apart(np.concatenate(stream), np.concatenate(session), repeats)
    found = lag_table(moves, whose, kinds, lag=lag, repeats=repeats)
    used = np.flatnonzero(found.counts.sum(axis=0) + found.counts.sum(axis=1))
    square = np.ix_(used, used)
    told = Lags(
        tuple(kinds[kind] for kind in used), found.counts[square], found.possible[square], lag, repeats, found.sequences,
        int(events.observed_ms.sum()), permutations=permutations, seed=seed,
    )  # fmt: skip
    return replace(told, p=_p(told, moves, whose, len(kinds)))


def _p(found: Lags, moves: Ints, whose: Ints, many: int) -> float | None:
    fit = found.fit
    if fit is None or not found.permutations:
        return None
    if len(moves) >= MOST_SHUFFLED:
        return fit.p
    possible = np.ones((many, many), np.bool_) if found.repeats or found.lag > 1 else ~np.eye(many, dtype=np.bool_)
    sizes = np.unique(whose, return_counts=True)[1]
    return order_p(
        moves, sizes, possible, lag=found.lag, repeats=found.repeats, times=found.permutations,
        rng=np.random.default_rng(found.seed),
    )  # fmt: skip


def _told_apart(stream: Ints, session: Ints, repeats: bool) -> tuple[Ints, Ints]:
    """Without `repeats`, moves of one kind in a row as one."""
    if repeats:
        return stream, session
    new = np.append(True, (stream[1:] != stream[:-1]) | (session[1:] != session[:-1]))[: len(stream)]
    return stream[new], session[new]


def _pauses(block: Tracks, row: Ints, pause_ms: int) -> tuple[Ints, Ints]:
    """When each pause begins, on the clock, and its session; whole pauses only, in sessions with at least one move."""
    session = block.session_of(row)
    moved = np.unique(session)
    opens, finish = block.opens.take(moved), block.finish.take(moved)
    until = np.concatenate([block.start.take(row), finish])  # quiet may end with a move or with the session
    since = np.concatenate([opens, np.maximum.accumulate(block.end.take(row))])
    until.sort()
    since.sort()
    many = np.maximum(until - since, 0) // pause_ms
    step = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    begins = np.repeat(since, many) + step * pause_ms
    return begins, moved.take(np.searchsorted(opens, begins, "right") - 1)


def lag_table(stream: Ints, session: Ints, kinds: tuple[str, ...], *, lag: int = 1, repeats: bool = True) -> Lags:
    """The same for any stream (n,) of indices into `kinds`, in order, and the session (n,) of each."""
    if lag < 1:
        raise WrongUse(f"a lag of {lag}", remedy="give 1 for the next move, 2 for the one after it, and so on")
    stream, session = _told_apart(stream, session, repeats)
    many = len(kinds)
    follows = np.flatnonzero(session[lag:] == session[:-lag])
    cell = stream[follows] * many + stream[follows + lag]
    counts = np.bincount(cell, minlength=many * many).reshape(many, many).astype(np.int64)
    possible = np.ones((many, many), np.bool_) if repeats or lag > 1 else ~np.eye(many, dtype=np.bool_)
    return Lags(kinds, counts, possible, lag, repeats, len(np.unique(session)), 0)
