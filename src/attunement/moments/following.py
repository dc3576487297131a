"""Signals, and what followed each: the first act, and the first act that fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.events import Bools, Index, Ints
from attunement.moments.tracks import ACT, NEVER, SIGNAL, UPSET, Lexicon, Tracks

STEPS = 16  # acts looked at one by one before searching; in a window of seconds there are rarely more


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """The signals of a block, one row each (n,), in order of onset; times on the clock.

    row: their rows in the tracks. upset: upset signals, which have no window.
    limit: when the next signal began (strictly later), or the session ended.
    """

    row: Ints
    code: Index
    session: Ints
    onset: Ints
    end: Ints
    upset: Bools
    limit: Ints

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """What began after each signal of a block, (n,) each; times on the clock, NEVER for nothing.

    act: the first act of any kind. fitting: the first fitting act, NEVER if none began by the signal's bound.
    fitting_place: which act that is, by place in `act_row`, their rows in the tracks; one place beyond for none.
    """

    act: Ints
    fitting: Ints
    fitting_place: Ints
    act_row: Ints


def signals_of(tracks: Tracks) -> Signals:
    row, session = tracks.rows(SIGNAL)
    onset, end, code = tracks.start.take(row), tracks.own_end.take(row), tracks.code.take(row)
    end += tracks.opens.take(session)
    upset = (tracks.lexicon.bits.take(code) & UPSET) != 0
    return Signals(row, code, session, onset, end, upset, _limits(tracks, row, onset))


def _limits(tracks: Tracks, row: Ints, onset: Ints) -> Ints:
    """(n,) the onset of the next signal of the session that begins strictly later, or the session's end."""
    later = np.append(onset[1:], NEVER)[: len(onset)]
    tied = np.flatnonzero(later <= onset)
    if len(tied):  # few are, so few are searched
        later[tied] = np.append(onset, NEVER)[np.searchsorted(onset, onset[tied], "right")]
    after = np.searchsorted(row, tracks.borders)
    some = after[:-1] < after[1:]
    last, finish = after[1:][some] - 1, tracks.finish[some]
    later[last] = finish  # what comes next is of another session
    if len(tied):
        ends = finish[np.searchsorted(last, tied)]
        later[tied] = np.minimum(later[tied], ends)
    return later


def follow(
    tracks: Tracks, signals: Signals, bound: Ints, *, overlap: bool = True, caregiver: str | None = None
) -> Followed:
    """Each signal's first act and first fitting act that begin strictly after its onset and by `bound` (n,).

    Without `overlap`, beginning at the signal's end at the earliest. With `caregiver`, only that actor's acts.
    """
    is_act = _is_act(tracks, caregiver)
    row = np.flatnonzero(is_act)
    begins = np.append(tracks.start.take(row), NEVER)
    place = _acts_up_to(signals.row, is_act, len(row))
    act = begins.take(place)
    tied = np.flatnonzero(act <= signals.onset)
    if len(tied):
        place[tied] = np.searchsorted(begins, signals.onset[tied], "right")
    if not overlap:
        place = np.maximum(place, np.searchsorted(begins, signals.end))
    if len(tied) or not overlap:
        act = begins.take(place)
    code = np.append(tracks.code.take(row), np.int32(tracks.lexicon.nothing))
    fitting_place = _first_fitting(tracks.lexicon, code, begins, signals.code, place, act, bound)
    return Followed(act, begins.take(fitting_place), fitting_place, row)


def _is_act(tracks: Tracks, caregiver: str | None) -> Bools:
    is_act: Bools = (tracks.bits & ACT) != 0
    if caregiver is not None:
        is_act &= tracks.actor == tracks.actors.index(caregiver)
    return is_act


def _acts_up_to(row: Ints, is_act: Bools, acts: int) -> Ints:
    """How many acts come before each signal's row."""
    if len(row) + acts == len(is_act):  # nothing else is there: all rows before it are acts but for signals
        return row - np.arange(len(row))
    return np.cumsum(is_act, dtype=np.int32).take(row).astype(np.intp)


def _first_fitting(
    lexicon: Lexicon, code: Index, begins: Ints, asked: Index, place: Ints, act: Ints, bound: Ints
) -> Ints:
    """The first act from `place` (n,) on that fits the signal and begins by `bound`; else the last place, where none is.

    Most often it is the very first, which begins at `act` (n,); only for the others is it looked further on.
    """
    serves = lexicon.serves.ravel()
    asks = lexicon.asks.take(asked)
    asks *= lexicon.serves.shape[1]
    in_time = act <= bound
    other = np.flatnonzero(~(serves.take(asks + code.take(place)) & in_time))
    found = place.copy()
    found[other] = len(begins) - 1
    looking = other[in_time.take(other)]
    found[looking] = _next_fitting(serves, asks.take(looking), code, begins, place.take(looking), bound.take(looking))
    return found


def _next_fitting(serves: Bools, asks: Ints, code: Index, begins: Ints, at: Ints, bound: Ints) -> Ints:
    """Step by step for all signals at once, each round with those still looking; the rare long ways by search."""
    nowhere = len(begins) - 1
    found, looking = np.full(len(at), nowhere), np.arange(len(at))
    for _ in range(STEPS):
        if not len(looking):
            return found
        fits = serves.take(asks + code.take(at))
        hit = np.flatnonzero(fits)
        found[looking.take(hit)] = at.take(hit)
        on = np.flatnonzero(~fits)
        looking, at = looking.take(on), at.take(on) + 1
        in_time = np.flatnonzero(begins.take(at) <= bound.take(looking))
        looking, at, asks = looking.take(in_time), at.take(in_time), asks.take(on).take(in_time)
    for kind in np.unique(asks):
        those = asks == kind
        fitting = np.append(np.flatnonzero(serves.take(kind + code[:-1])), nowhere)
        found[looking[those]] = fitting[np.searchsorted(fitting, at[those])]
    return np.where(begins.take(found) <= bound, found, nowhere)
