"""Sessions made ready for counting: blocks of whole sessions on one clock, in an order that no file decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from attunement.clock import LONGEST_MS
from attunement.errors import WrongUse
from attunement.events import NONE, Bools, Events, Index, Ints
from attunement.schemes import Function, Scheme

Marks = npt.NDArray[np.uint8]

BLOCK_ROWS = 1 << 16  # so many that a call costs little, so few that the columns stay in the processor's cache
APART_MS = 3 * LONGEST_MS  # between two sessions on the clock: wider than any window
NEVER = np.iinfo(np.int64).max // 2

# What a code is, as bits of one byte: one look-up per event tells every measure whether it is concerned.
SIGNAL, ACT, UPSET, OUTCOME, CHILD_SOUND, ADULT_SOUND, OTHER_SOUND = (1 << bit for bit in range(7))
SOUND = CHILD_SOUND | ADULT_SOUND | OTHER_SOUND
FUNCTIONS = tuple(Function)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What the measures ask of a scheme's codes, by code index; the last row stands for a code it does not have.

    bits: (codes + 1,). function: (codes + 1,) index into FUNCTIONS. asks: (codes + 1,) signals that the same acts fit
    share a number. serves: (asks, codes + 1) does this act fit those signals?
    """

    bits: Marks
    function: Ints
    asks: Ints
    serves: Bools

    @property
    def nothing(self) -> int:
        """The code that stands for none."""
        return len(self.bits) - 1


@dataclass(frozen=True, eq=False)  # what it says of its rows is worked out once, and only when it is asked for
class Tracks:
    """A block of sessions, one row an event, by session and time; rows of the same time by code, then actor's name.

    Sessions count from 0 in this block. own_start, own_end: (n,) ms from the beginning of the row's session. borders:
    (sessions + 1,) the first row of each session. duration_ms, observed_ms: (sessions,). actors: names by actor index.
    """

    scheme: Scheme
    lexicon: Lexicon
    actor: Index
    code: Index
    own_start: Ints
    own_end: Ints
    borders: Ints
    duration_ms: Ints
    observed_ms: Ints
    actors: tuple[str, ...]

    @property
    def sessions(self) -> int:
        return len(self.observed_ms)

    @cached_property
    def bits(self) -> Marks:
        """(n,) what each code is."""
        return self.lexicon.bits.take(self.code)

    @cached_property
    def lengths(self) -> Ints:
        """(sessions,) how long each is, ms; as far as its last event where that is longer."""
        return np.maximum(self.duration_ms, _last_time(self.own_start, self.own_end, np.diff(self.borders)))

    @cached_property
    def opens(self) -> Ints:
        """(sessions,) when each begins on the clock that all are laid on, APART_MS from one another."""
        return np.asarray(np.cumsum(self.lengths + APART_MS) - (self.lengths + APART_MS))

    @cached_property
    def finish(self) -> Ints:
        """(sessions,) when each ends on the clock."""
        return self.opens + self.lengths

    @cached_property
    def start(self) -> Ints:
        """(n,) when each row begins, on the clock."""
        return self._on_the_clock(self.own_start)

    @cached_property
    def end(self) -> Ints:
        """(n,) when each row ends, on the clock."""
        return self._on_the_clock(self.own_end)

    def _on_the_clock(self, own: Ints) -> Ints:
        if self.sessions == 1:  # it opens at 0
            return own
        shifted = np.repeat(self.opens, np.diff(self.borders))
        shifted += own
        return shifted

    def rows(self, bits: int) -> tuple[Ints, Ints]:
        """The rows (m,) whose code is one of `bits`, and the session (m,) of each."""
        row = np.flatnonzero((self.bits & bits) != 0)
        return row, self.session_of(row)

    def session_of(self, row: Ints) -> Ints:
        """The session (m,) of each of some rows (m,), which are in order."""
        return np.repeat(np.arange(self.sessions), np.diff(np.searchsorted(row, self.borders)))


def tracks(events: Events, scheme: Scheme, *, block_rows: int = BLOCK_ROWS) -> Iterator[Tracks]:
    """All sessions, block by block. Codes of `events` that the scheme does not have are neither signal nor act.

    A block holds whole sessions of about `block_rows` rows together; a longer session is a block of its own.
    """
    place = _places(events, scheme)
    borders = np.searchsorted(events.session, np.arange(len(events.sessions) + 1, dtype=np.int32))
    first = 0
    while first < len(events.sessions):
        last = max(int(np.searchsorted(borders, borders[first] + block_rows, "right")) - 1, first + 1)
        yield _block(events, scheme, place, borders[first : last + 1], first)
        first = last


def _block(events: Events, scheme: Scheme, place: Index | None, borders: Ints, first: int) -> Tracks:
    rows = slice(int(borders[0]), int(borders[-1]))
    kept = slice(first, first + len(borders) - 1)
    start, end, borders = events.start[rows], events.end[rows], borders - borders[0]
    code = events.code[rows] if place is None else place.take(events.code[rows])
    actor, code = _settled(events.actors, start, end, events.actor[rows], code, borders)
    return Tracks(
        scheme, lexicon_of(scheme), actor, code, start, end, borders, events.duration_ms[kept], events.observed_ms[kept],
        events.actors,
    )  # fmt: skip


def _last_time(start: Ints, end: Ints, sizes: Ints) -> Ints:
    """When the last event of each session ends, (sessions,), 0 where there is none."""
    last, some = np.zeros(len(sizes), np.int64), sizes > 0
    if len(end):
        first = (np.cumsum(sizes) - sizes)[some]
        last[some] = np.maximum(np.maximum.reduceat(end, first), start[first + sizes[some] - 1])
    return np.maximum(last, 0)


def _settled(
    names: tuple[str, ...], start: Ints, end: Ints, actor: Index, code: Index, borders: Ints
) -> tuple[Index, Index]:
    """Rows of the very same time in one fixed order, so that the order of a file's rows changes nothing."""
    tied = np.flatnonzero(start[1:] == start[:-1])
    tied = tied[end.take(tied + 1) == end.take(tied)]
    if not len(tied):
        return actor, code
    rows = np.unique(np.concatenate([tied, tied + 1]))
    by_name = np.argsort(np.argsort(np.array(names)))
    session = np.searchsorted(borders, rows, "right")
    order = rows[np.lexsort((by_name[actor[rows]], code[rows], end[rows], start[rows], session))]
    actor, code = actor.copy(), code.copy()
    actor[rows], code[rows] = actor[order], code[order]
    return actor, code


def _places(events: Events, scheme: Scheme) -> Index | None:
    """Where each code stands in the scheme; None when both name the same codes in the same order."""
    if events.codes == scheme.ids:
        return None
    return np.array([scheme.at.get(code, NONE) for code in events.codes], np.int32)


@cache
def lexicon_of(scheme: Scheme) -> Lexicon:
    """The tables of a scheme, worked out once."""
    outcomes = scheme.endings.settled_together | scheme.endings.settled_alone | scheme.endings.unresolved
    bits = (
        scheme.is_signal * SIGNAL + scheme.is_act * ACT + (scheme.is_signal & scheme.is_upset) * UPSET
        + scheme.among(outcomes) * OUTCOME
        + (scheme.is_sound & scheme.by_role("child")) * CHILD_SOUND
        + (scheme.is_sound & scheme.by_role("caregiver")) * ADULT_SOUND
        + (scheme.is_sound & ~scheme.by_role("child") & ~scheme.by_role("caregiver")) * OTHER_SOUND
    )  # fmt: skip
    function = [FUNCTIONS.index(code.function or Function.ANY) for code in scheme.codes]
    signals = np.flatnonzero(scheme.is_signal)
    serves, asks = np.unique(scheme.fits[signals], axis=0, return_inverse=True)
    number = np.zeros(len(scheme.codes) + 1, np.intp)
    number[signals] = asks.ravel()
    nobody = np.zeros((max(len(serves), 1), 1), np.bool_)
    known = serves if len(signals) else np.zeros((1, len(scheme.codes)), np.bool_)
    return Lexicon(
        np.append(bits, 0).astype(np.uint8), np.array([*function, 0], np.intp), number, np.hstack([known, nobody])
    )


def checked_window(ms: int, what: str = "window") -> int:
    """The length itself, in ms. Raises WrongUse when it is not above zero or longer than a recording can be."""
    if not 0 < ms <= LONGEST_MS:
        raise WrongUse(f"a {what} of {ms} ms", remedy="give a length above zero and below two days")
    return ms
