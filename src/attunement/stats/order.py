"""Is there an order in a sequence of kinds? Other sequences of the same kinds that have none, and what their tables say."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attunement.stats.independence import g_squared, proportional
from attunement.stats.shifts import p_value

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

AT_ONCE = 1 << 20  # moves of made-up sequences that are held at once


def order_p(
    stream: Ints, sizes: Ints, possible: Bools, *, lag: int, repeats: bool, times: int, rng: np.random.Generator
) -> float | None:
    """The share of sequences without an order whose G² is as large; None when none are asked for.

    stream: (n,) kinds, sequence after sequence, of so many (sizes). possible: as for the table of steps of `lag`. With
    `repeats`, the moves of each sequence are shuffled: exact for moves that know nothing of each other. Without, sequences
    of the same lengths are drawn in which the next kind depends on the last only in that it is another one: the fit of
    quasi-independence gives its chances. p = (1 + hits) / (1 + times) (Phipson & Smyth 2010).
    """
    if not times or not len(stream):
        return None
    many, found = len(possible), [np.empty(0)]
    observed = _g_squared(stream[None], sizes, possible, lag)[0]
    chances = None if repeats else _chances(stream, sizes, many)
    part = max(AT_ONCE // len(stream), 1)
    for begun in range(0, times, part):
        rows = min(part, times - begun)
        drawn = _shuffled(stream, sizes, rows, rng) if chances is None else _drawn(stream, sizes, chances, rows, rng)
        found.append(_g_squared(drawn, sizes, possible, lag))
    return p_value(float(observed), np.concatenate(found))


def steps(stream: Ints, sizes: Ints, many: int, lag: int) -> Ints:
    """(rows, many, many) how often each kind is followed by each, `lag` later, in each row of `stream` (rows, n)."""
    sequence = np.repeat(np.arange(len(sizes)), sizes)
    follows = np.flatnonzero(sequence[lag:] == sequence[:-lag])
    row = np.arange(len(stream))[:, None]
    cell = (row * many + stream[:, follows]) * many + stream[:, follows + lag]
    return np.bincount(cell.ravel(), minlength=len(stream) * many * many).reshape(-1, many, many).astype(np.int64)


def _g_squared(stream: Ints, sizes: Ints, possible: Bools, lag: int) -> Floats:
    counts = steps(stream, sizes, len(possible), lag)
    return g_squared(counts, proportional(counts, possible))


def _shuffled(stream: Ints, sizes: Ints, rows: int, rng: np.random.Generator) -> Ints:
    moves = np.tile(stream, (rows, 1))
    for last, size in zip(np.cumsum(sizes).tolist(), sizes.tolist(), strict=True):
        rng.permuted(moves[:, last - size : last], axis=1, out=moves[:, last - size : last])
    return moves


def _chances(stream: Ints, sizes: Ints, many: int) -> Floats:
    """(many, many) the chance of each kind after each, none after itself, summed up to each; 1 at the end."""
    (counts,) = steps(stream[None], sizes, many, 1)
    expected = proportional(counts, ~np.eye(many, dtype=np.bool_))
    expected[expected.sum(axis=1) == 0] = ~np.eye(many, dtype=np.bool_)[expected.sum(axis=1) == 0]
    chances = np.cumsum(expected / expected.sum(axis=1, keepdims=True), axis=1)
    chances[chances > 1 - 1e-12] = 1
    return chances


def _drawn(stream: Ints, sizes: Ints, chances: Floats, rows: int, rng: np.random.Generator) -> Ints:
    """(rows, n) sequences that begin as those of `stream` do."""
    moves = np.tile(stream, (rows, 1))
    begins = set((np.cumsum(sizes) - sizes).tolist())
    for at in range(len(stream)):
        if at not in begins:
            moves[:, at] = (rng.random((rows, 1)) >= chances[moves[:, at - 1]]).sum(axis=1)
    return moves
