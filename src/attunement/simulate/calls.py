"""Signals that do not upset, and what follows: fitting answers, misreadings, acts that have nothing to do with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from attunement.clock import MINUTE, SECOND
from attunement.errors import WrongUse
from attunement.events import Bools, Ints
from attunement.schemes import Function, Scheme
from attunement.simulate.simulated import (
    CAREGIVER,
    CHILD,
    Floats,
    Rows,
    Simulated,
    checked_shares,
    checked_size,
    laid_out,
    moments,
)  # fmt: skip
from attunement.simulate.waits import Lognormal, Wait

ACT_MS = (300, 2_000)  # how long acts last; no measure of replies asks


@dataclass(frozen=True, slots=True)
class Calls:
    """A way of calling and answering; every default is ASSUMED, see docs/explanation/simulated-dyads.

    per_minute: signals by what they ask for. codes: which signals; None for all of the scheme that ask for it.
    signal_ms: shortest and longest signal. apart_ms: fewest ms between two onsets, 0 for a Poisson process.
    fitting, misread: the chance that a fitting act, or one that does not fit, follows; after `latency` from the signal's
    end, and only if no other signal begins before. between_sd: how sessions differ in `fitting`, sd of its logit.
    other_acts_per_minute: acts of all kinds that come without regard to any signal (Poisson).
    end_ms: no signal begins in this last part of a session, so that windows stay inside it.
    """

    per_minute: Mapping[Function, float] = field(default_factory=lambda: {Function.CONNECT: 3.0})
    codes: tuple[str, ...] | None = None
    signal_ms: tuple[int, int] = (200, 1_500)
    apart_ms: int = 0
    fitting: float = 0.6
    misread: float = 0.1
    latency: Wait = field(default_factory=lambda: Lognormal(1_200, 0.8))
    between_sd: float = 0.0
    other_acts_per_minute: float = 0.0
    end_ms: int = 10 * SECOND


@dataclass(frozen=True, slots=True, eq=False)
class CallsTruth:
    """Parameters, and what they came to. fitting: (sessions,) each session's own chance of a fitting act.

    signals, fitted, misread, other_acts: (sessions,) how many there are. accident: (codes,) fitting acts per ms that come
    without regard to the signal, by the signal's code; weight: (codes,) each code's share of the signals.
    """

    calls: Calls
    fitting: Floats
    signals: Ints
    fitted: Ints
    misread: Ints
    other_acts: Ints
    accident: Floats
    weight: Floats

    def answered(self, window_ms: int) -> float:
        """The chance that a fitting act begins after a signal's onset and by `window_ms` after its end.

        1 - (1 - fitting P(latency <= window)) exp(-rate (length + window)), averaged over lengths, codes and sessions.
        Exact where signals are at least their length and the window apart.
        """
        missed = 1 - self.fitting.mean() * self.calls.latency.share_by(window_ms)
        return float(1 - missed * (1 - self.by_accident(window_ms)))

    def by_accident(self, window_ms: int) -> float:
        """The same from the acts that have nothing to do with signals, alone: chance, when nothing is contingent."""
        low, high = self.calls.signal_ms
        length = np.arange(low, high + 1)[:, None]
        none = np.exp(-self.accident[None, :] * (length + window_ms)).mean(axis=0)
        return float(1 - self.weight @ none)


def calls(way: Calls, by: Scheme, *, sessions: int, length_ms: int, seed: int) -> Simulated[CallsTruth]:
    """`sessions` sessions of calling and answering by one way. The same seed gives the same bytes. Raises WrongUse."""
    checked_size(sessions=sessions, length_ms=length_ms + 1 - max(way.end_ms, 0))
    checked_shares(fitting=way.fitting, misread=way.misread)
    rng = np.random.default_rng(seed)
    weight = _weights(way, by)
    session, onset, end, code = _signals(rng, way, weight, sessions, length_ms)
    fitting = _own_chance(rng, way, sessions)
    answers, does_fit = _answers(rng, way, by, fitting, (session, onset, end, code), length_ms)
    other = _other_acts(rng, way, by, sessions, length_ms)
    truth = CallsTruth(
        way, fitting, np.bincount(session, minlength=sessions),
        np.bincount(answers.session[does_fit], minlength=sessions),
        np.bincount(answers.session[~does_fit], minlength=sessions),
        np.bincount(other.session, minlength=sessions),
        way.other_acts_per_minute / MINUTE * by.fits[:, by.is_act].mean(axis=1), weight,
    )  # fmt: skip
    parts = [Rows(CHILD, session, code, onset, end), answers, other]
    return Simulated(laid_out(parts, by, sessions=sessions, length_ms=length_ms), truth)


def _weights(way: Calls, by: Scheme) -> Floats:
    """Each code's share of the signals, (codes,)."""
    weight, total = np.zeros(len(by.codes)), sum(way.per_minute.values())
    named = by.is_signal if way.codes is None else by.is_signal & by.among(frozenset(way.codes))
    for function, rate in way.per_minute.items():
        asking = named & by.with_function(function) & ~by.is_upset
        if not asking.any():
            raise WrongUse(f"“{by.name}” has no such signal that asks for {function}", remedy="give others")
        weight[asking] += rate / total / asking.sum()
    if way.misread and (by.fits[weight > 0][:, by.is_act]).all(axis=1).any():
        raise WrongUse(f"in “{by.name}” every act fits such a signal", remedy="set misread to 0")
    return weight


def _signals(
    rng: np.random.Generator, way: Calls, weight: Floats, sessions: int, length_ms: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Session, onset, end and code of each signal, (n,), in order of onset."""
    room = length_ms - way.end_ms
    counts = rng.poisson(sum(way.per_minute.values()) * room / MINUTE, sessions)
    if way.apart_ms:
        counts = np.minimum(counts, (room - 1) // way.apart_ms)
    session, onset = moments(rng, counts, length_ms=room, apart_ms=way.apart_ms)
    low, high = way.signal_ms
    length = rng.integers(low, high + 1, len(onset))
    code = np.searchsorted(np.cumsum(weight), rng.random(len(onset)) * weight.sum(), "right")
    return session, onset, np.minimum(onset + length, length_ms), np.minimum(code, np.flatnonzero(weight)[-1])


def _own_chance(rng: np.random.Generator, way: Calls, sessions: int) -> Floats:
    if not way.between_sd or not 0 < way.fitting < 1:
        return np.full(sessions, way.fitting)
    logit = np.log(way.fitting / (1 - way.fitting)) + way.between_sd * rng.standard_normal(sessions)
    return np.asarray(1 / (1 + np.exp(-logit)))


def _answers(
    rng: np.random.Generator, way: Calls, by: Scheme, fitting: Floats, signals: tuple[Ints, Ints, Ints, Ints],
    length_ms: int,
) -> tuple[Rows, Bools]:  # fmt: skip
    """The acts that follow signals, and which of them fit."""
    session, onset, end, code = signals
    luck = rng.random(len(onset))
    fits = luck < fitting[session]
    begins = end + way.latency.draw(rng, len(onset))
    following = np.append(session[1:] == session[:-1], False)
    limit = np.where(following, np.append(onset[1:], 0), length_ms - 1)
    row = np.flatnonzero((luck < fitting[session] + way.misread) & (begins <= limit))
    act = np.where(
        fits[row], _one_of(rng, by.fits & by.is_act, code[row]), _one_of(rng, ~by.fits & by.is_act, code[row])
    )
    return _acts(rng, session[row], act, begins[row], length_ms), fits[row]


def _other_acts(rng: np.random.Generator, way: Calls, by: Scheme, sessions: int, length_ms: int) -> Rows:
    counts = rng.poisson(way.other_acts_per_minute * length_ms / MINUTE, sessions)
    session, begins = moments(rng, counts, length_ms=length_ms)
    return _acts(rng, session, rng.choice(np.flatnonzero(by.is_act), len(begins)), begins, length_ms)


def _acts(rng: np.random.Generator, session: Ints, code: Ints, begins: Ints, length_ms: int) -> Rows:
    length = rng.integers(ACT_MS[0], ACT_MS[1] + 1, len(begins))
    return Rows(CAREGIVER, session, code, begins, np.minimum(begins + length, length_ms))


def _one_of(rng: np.random.Generator, among: Bools, of: Ints) -> Ints:
    """For each code in `of`, one of its row in `among` (codes, codes) at random; -1 where that row is empty."""
    many = among.sum(axis=1)
    listed = np.full((len(among), max(int(many.max(initial=0)), 1)), -1, np.int64)
    row, column = np.nonzero(among)
    listed[row, np.arange(len(row)) - (np.cumsum(many) - many)[row]] = column
    chosen: Ints = listed[of, (rng.random(len(of)) * many[of]).astype(np.int64)]
    return chosen
