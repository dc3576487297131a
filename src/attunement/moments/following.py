"""Signals, and what followed each: the first act, and the first act that fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attunement.events import Bools, Ints
from attunement.moments.tracks import ACT, NEVER, SIGNAL, UPSET, Lexicon, Tracks

STEPS = 16  # acts looked at one by one before searching; in a window of seconds there are rarely more


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """The signals of a block, one row each (n,), in order of onset; times on the clock.

    row: their rows in the tracks. upset: upset signals, which have no window.
    limit: when the next signal began (strictly later), or the session ended.
    """

    row: Ints
    code: Ints
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
    onset = tracks.start.take(row)
    upset = (tracks.bits.take(row) & UPSET) != 0
    later = np.append(onset[1:], NEVER)
    limit = np.minimum(_after_ties(later, onset), tracks.finish.take(session))
    return Signals(row, tracks.code.take(row), session, onset, tracks.end.take(row), upset, limit)


def follow(
    tracks: Tracks, signals: Signals, bound: Ints, *, overlap: bool = True, caregiver: str | None = None
) -> Followed:
    """Each signal's first act and first fitting act that begin strictly after its onset and by `bound` (n,).

    Without `overlap`, beginning at the signal's end at the earliest. With `caregiver`, only that actor's acts.
    """
    is_act = _is_act(tracks, caregiver)
    row = np.flatnonzero(is_act)
    begins = np.append(tracks.start.take(row), NEVER)
    place = np.cumsum(is_act, dtype=np.int32).take(signals.row).astype(np.intp)  # acts up to the signal's own row
    _pass_ties(place, begins, signals.onset)
    if not overlap:
        place = np.maximum(place, np.searchsorted(begins, signals.end))
    act = begins.take(place)
    looking = np.flatnonzero(act <= bound)
    code = np.append(tracks.code.take(row), tracks.lexicon.nothing)
    found = _next_fitting(
        tracks.lexicon, code, begins, signals.code.take(looking), place.take(looking), bound.take(looking)
    )
    fitting_place = np.full(len(signals), len(row))
    fitting_place[looking] = found
    return Followed(act, begins.take(fitting_place), fitting_place, row)


def _is_act(tracks: Tracks, caregiver: str | None) -> Bools:
    is_act: Bools = (tracks.bits & ACT) != 0
    if caregiver is not None:
        is_act &= tracks.actor == tracks.actors.index(caregiver)
    return is_act


def _after_ties(later: Ints, onset: Ints) -> Ints:
    """`later` (n,), the onset of the next row, put right where that is no later; few are, so few are searched."""
    tied = np.flatnonzero(later <= onset)
    if len(tied):
        later[tied] = np.append(onset, NEVER)[np.searchsorted(onset, onset[tied], "right")]
    return later


def _pass_ties(place: Ints, begins: Ints, onset: Ints) -> None:
    tied = np.flatnonzero(begins.take(place) <= onset)
    if len(tied):
        place[tied] = np.searchsorted(begins, onset[tied], "right")


def _next_fitting(lexicon: Lexicon, code: Ints, begins: Ints, asked: Ints, place: Ints, bound: Ints) -> Ints:
    """The first act from `place` (n,) on that fits the signal and begins by `bound`; else the last place, where none is.

    Step by step for all signals at once, each round with those still looking; the rare long ways by search.
    """
    serves, nowhere = lexicon.serves.ravel(), len(begins) - 1
    asks = lexicon.asks.take(asked) * lexicon.serves.shape[1]
    found, looking, at = np.full(len(place), nowhere), np.arange(len(place)), place
    for _ in range(STEPS):
        fits = serves.take(asks + code.take(at))
        hit = np.flatnonzero(fits)
        found[looking.take(hit)] = at.take(hit)
        on = np.flatnonzero(~fits)
        looking, at = looking.take(on), at.take(on) + 1
        in_time = np.flatnonzero(begins.take(at) <= bound.take(looking))
        looking, at, asks = looking.take(in_time), at.take(in_time), asks.take(on).take(in_time)
        if not len(looking):
            return found
    for kind in np.unique(asks):
        those = asks == kind
        fitting = np.append(np.flatnonzero(serves.take(kind + code[:-1])), nowhere)
        found[looking[those]] = fitting[np.searchsorted(fitting, at[those])]
    return np.where(begins.take(found) <= bound, found, nowhere)
