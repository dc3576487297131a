"""The p of event lags, held to moves that follow each other in no order, and in one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from attunement.clock import SECOND
from attunement.events import Events, events_from_rows
from attunement.measures.lags import lags
from attunement.schemes import scheme
from soak.calibration.found import Found, distance_from_uniform

OURS = scheme("attunement")
CODES = ("coo", "look-away", "cry", "talk", "give-space", "hug-child")
SHARES = (0.4, 0.2, 0.1, 0.15, 0.1, 0.05)
MOVES = 150  # six moves for each degree of freedom: just enough to be told
KOLMOGOROV = 1.63  # over the root of how many there are: passed by chance one time in a hundred
PERMUTATIONS = 199


def lags_p(scale: int) -> Iterator[Found]:
    """p is uniform when moves have no order, with and without repeats; chi-square is reported beside it."""
    many = 150 * scale
    rng = np.random.default_rng(21)
    for repeats in (True, False):
        sessions = [_session(rng, 0.0) for _ in range(many)]
        p, plain = _each_p(sessions, repeats)
        what = f"lags: {{}}, no order, {MOVES} moves, {'with' if repeats else 'without'} repeats"
        luck = 3 * (0.0475 / len(p)) ** 0.5
        yield Found(
            what.format("Kolmogorov-Smirnov distance of p from uniform"), distance_from_uniform(p), len(p), None,
            KOLMOGOROV / len(p) ** 0.5 + 1 / (PERMUTATIONS + 1),
        )  # fmt: skip
        yield Found(what.format("p below .05"), float(np.mean(p < 0.05)), len(p), 0.05 - luck, 0.05 + luck)
        yield Found(what.format("p by chi-square below .05"), float(np.mean(plain < 0.05)), len(plain))
    p, _ = _each_p([_session(rng, 0.25) for _ in range(many // 3)], True)
    yield Found("lags: p below .05, one move in four answers the last one", float(np.mean(p < 0.05)), len(p), 0.8)


def _session(rng: np.random.Generator, answers: float) -> Events:
    """Moves a second apart; with the chance `answers` a move is the act that stands for the signal before it."""
    kind = rng.choice(len(CODES), MOVES, p=SHARES)
    for at in np.flatnonzero(rng.random(MOVES - 1) < answers) + 1:
        kind[at] = kind[at - 1] % 3 + 3
    rows = [("baby" if k < 3 else "mother", CODES[k], at * SECOND, at * SECOND) for at, k in enumerate(kind.tolist())]
    return events_from_rows(rows, codes=OURS.ids)


def _each_p(sessions: list[Events], repeats: bool) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    found = [lags(part, OURS, repeats=repeats, permutations=PERMUTATIONS, seed=at) for at, part in enumerate(sessions)]
    return np.array([one.p for one in found if one.p is not None]), np.array(
        [one.fit.p for one in found if one.fit is not None]
    )
