"""Serve and return: bids, returns, and how many rounds an exchange goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.events import Events, Ints
from attunement.measures.rules import FEWEST, WINDOW_MS, ReplyRule, check_caregiver
from attunement.measures.seen import look
from attunement.moments.tracks import FUNCTIONS, NEVER, Tracks, tracks
from attunement.schemes import Function, Scheme
from attunement.stats.clusters import share_interval
from attunement.stats.intervals import wilson

RULE = (
    "A bid is a signal to connect or explore that opens an exchange. It is returned when a fitting act begins after its "
    "onset and within the window after its end. The exchange goes on when the child's next such signal begins after that "
    "act's onset and within the window after its end; each signal that is returned is a round. Those before it repeat it."
)  # no single source defines it (the picture is the Center on the Developing Child's), so the rule goes with the number
_SERVES = np.array([f in (Function.CONNECT, Function.EXPLORE, Function.ANY) for f in FUNCTIONS], np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class ServeReturn:
    """per_session: (sessions, 3) bids, bids returned, rounds. rounds_each: (exchanges,) rounds of each returned bid.

    one_recording: what counts as sessions here are stretches of one recording.
    """

    per_session: Ints
    rounds_each: Ints
    window_ms: int
    caregiver: str | None
    observed_ms: int
    one_recording: bool = False

    @property
    def bids(self) -> int:
        return int(self.per_session[:, 0].sum())

    @property
    def returned(self) -> int:
        return int(self.per_session[:, 1].sum())

    @property
    def rounds(self) -> int:
        return int(self.per_session[:, 2].sum())

    @property
    def share(self) -> float | None:
        """returned / bids; None below FEWEST bids."""
        return self.returned / self.bids if self.bids >= FEWEST else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 %. Of one session Wilson's, which takes bids for independent; of several, sessions are: see stats.clusters."""
        if self.bids < FEWEST:
            return None
        several = None if self.one_recording else share_interval(self.per_session[:, 1], self.per_session[:, 0])
        return several or wilson(self.returned, self.bids)

    @property
    def rounds_per_exchange(self) -> float | None:
        """rounds / returned, the mean over bids that were returned; None below FEWEST of them."""
        return self.rounds / self.returned if self.returned >= FEWEST else None


def serve_return(
    events: Events, scheme: Scheme, *, window_ms: int = WINDOW_MS, caregiver: str | None = None
) -> ServeReturn:
    """Exchanges by RULE: signals that ask to connect, to explore or for anything, none of them upset. Raises WrongUse."""
    rule = ReplyRule(window_ms=window_ms, caregiver=caregiver)
    check_caregiver(events, caregiver)
    counts, rounds = [np.zeros((0, 3), np.int64)], [np.empty(0, np.int64)]
    for block in tracks(events, scheme):
        of_session, of_exchange = _count(block, rule)
        counts.append(of_session)
        rounds.append(of_exchange)
    return ServeReturn(
        np.concatenate(counts), np.concatenate(rounds), window_ms, caregiver, int(events.observed_ms.sum())
    )


def _count(block: Tracks, rule: ReplyRule) -> tuple[Ints, Ints]:
    seen = look(block, rule)
    signals = seen.signals
    served = np.flatnonzero(_SERVES.take(block.lexicon.function.take(signals.code)) & ~signals.upset)
    if not len(served):
        return np.zeros((block.sessions, 3), np.int64), np.empty(0, np.int64)
    onset, session = signals.onset.take(served), signals.session.take(served)
    act = seen.followed.fitting.take(served)
    back = act <= seen.until.take(served)
    over = np.append(block.end.take(seen.followed.act_row), NEVER).take(seen.followed.fitting_place.take(served))
    following = np.where(back, np.searchsorted(onset, act, "right"), np.arange(1, len(served) + 1))
    begins = np.append(onset, NEVER).take(following)
    goes_on = back & (begins <= over + rule.window_ms)

    walked = np.flatnonzero(_reached(following))
    opens = np.append(True, ~goes_on.take(walked[:-1]))
    exchange = np.cumsum(opens) - 1
    rounds = np.bincount(exchange, back.take(walked)).astype(np.int64)
    of = session.take(walked[opens])
    counts = [np.bincount(of, minlength=block.sessions), np.bincount(of, rounds > 0, block.sessions),
              np.bincount(of, rounds, block.sessions)]  # fmt: skip
    return np.stack(counts, axis=1).astype(np.int64), rounds[rounds > 0]


def _reached(following: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """(n,) the places visited by going from the first one to `following`, again and again, which only goes forward.

    By doubling: after k rounds all places that up to 2^k steps reach are known, and each jump is 2^k steps long.
    """
    many = len(following)
    reached, jump = np.zeros(many + 1, np.bool_), np.append(following, many)
    reached[0] = True
    before, now = 0, 1
    while now > before:
        reached[jump[reached]] = True
        jump = jump[jump]
        before, now = now, int(np.count_nonzero(reached))
    return reached[:-1]
