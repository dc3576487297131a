"""Events as columns: one session or a million on the same few arrays; sessions as a file has them; diaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, overload

import numpy as np
import numpy.typing as npt

from attunement.clock import Span
from attunement.errors import Issue

Ints = npt.NDArray[np.int64]
Index = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

T = TypeVar("T", bound=np.generic)

NONE = -1  # in an index column: there is no such thing in this row


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Columns, one row an event, sorted by session, start, end.

    session, actor, code: indices (n,) into `sessions`, `actors`, `codes`.
    start, end: whole milliseconds (n,) from the beginning of the row's own session, `[start, end)`.
    duration_ms: (sessions,) how long each session is, from 0.
    observed_ms: (sessions,) how much of it was watched and coded: the denominator of every rate.
    """

    session: Index
    actor: Index
    code: Index
    start: Ints
    end: Ints
    sessions: tuple[str, ...]
    actors: tuple[str, ...]
    codes: tuple[str, ...]
    duration_ms: Ints
    observed_ms: Ints

    def __len__(self) -> int:
        return len(self.start)

    def where(self, mask: Bools) -> Events:
        """The same sessions with only the rows of `mask` (n,)."""
        return self._with(self.session[mask], self.actor[mask], self.code[mask], self.start[mask], self.end[mask])

    def _with(self, session: Index, actor: Index, code: Index, start: Ints, end: Ints) -> Events:
        return Events(
            session, actor, code, start, end, self.sessions, self.actors, self.codes, self.duration_ms, self.observed_ms
        )

    def offsets(self, gap_ms: int) -> Ints:
        """Where each session begins, (sessions,), when all are laid on one clock with `gap_ms` between them."""
        lengths = np.maximum(self.duration_ms, _last_end(self)) + gap_ms
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)[:-1]])


def _last_end(events: Events) -> Ints:
    last = np.zeros(len(events.sessions), np.int64)
    if len(events):  # rows are sorted by session, so each session is one run
        borders = np.flatnonzero(np.diff(events.session, prepend=NONE))
        last[events.session[borders]] = np.maximum.reduceat(np.maximum(events.start, events.end), borders)
    return last


def events_from_rows(
    rows: Iterable[tuple[str, str, int, int]],
    *,
    name: str = "session",
    duration_ms: int | None = None,
    observed_ms: int | None = None,
    codes: Sequence[str] | None = None,
) -> Events:
    """One session from (actor, code, start, end) rows in any order; `codes` fixes the code vocabulary and its order."""
    listed = list(rows)
    actors = tuple(dict.fromkeys(row[0] for row in listed))
    vocabulary = tuple(codes) if codes is not None else tuple(dict.fromkeys(row[1] for row in listed))
    actor_at, code_at = _places(actors), _places(vocabulary)
    start = np.array([row[2] for row in listed], np.int64)
    end = np.array([row[3] for row in listed], np.int64)
    actor = np.array([actor_at[row[0]] for row in listed], np.int32)
    code = np.array([code_at[row[1]] for row in listed], np.int32)
    order = np.lexsort((end, start))
    length = int(end.max(initial=0)) if duration_ms is None else duration_ms
    return Events(
        np.zeros(len(listed), np.int32), actor[order], code[order], start[order], end[order],
        (name,), actors, vocabulary,
        np.array([length], np.int64), np.array([length if observed_ms is None else observed_ms], np.int64),
    )  # fmt: skip


def join(parts: Sequence[Events]) -> Events:
    """Many tables as one, sessions one after another; vocabularies are united in order of first use."""
    actors = tuple(dict.fromkeys(name for part in parts for name in part.actors))
    codes = tuple(dict.fromkeys(name for part in parts for name in part.codes))
    actor_at, code_at = _places(actors), _places(codes)
    first = np.cumsum([0] + [len(part.sessions) for part in parts])
    return Events(
        _stack([part.session + np.int32(first[at]) for at, part in enumerate(parts)], np.int32),
        _stack([_renamed(part.actor, part.actors, actor_at) for part in parts], np.int32),
        _stack([_renamed(part.code, part.codes, code_at) for part in parts], np.int32),
        _stack([part.start for part in parts], np.int64),
        _stack([part.end for part in parts], np.int64),
        tuple(name for part in parts for name in part.sessions), actors, codes,
        _stack([part.duration_ms for part in parts], np.int64),
        _stack([part.observed_ms for part in parts], np.int64),
    )  # fmt: skip


def split(events: Events) -> list[Events]:
    """One table a session, in order: the inverse of `join`."""
    borders = np.searchsorted(events.session, np.arange(len(events.sessions) + 1))
    return [_only(events, at, int(borders[at]), int(borders[at + 1])) for at in range(len(events.sessions))]


def _only(events: Events, at: int, first: int, last: int) -> Events:
    rows = slice(first, last)
    return Events(
        np.zeros(last - first, np.int32), events.actor[rows], events.code[rows], events.start[rows], events.end[rows],
        (events.sessions[at],), events.actors, events.codes,
        events.duration_ms[at : at + 1], events.observed_ms[at : at + 1],
    )  # fmt: skip


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(names)}


def _renamed(column: Index, names: Sequence[str], at: Mapping[str, int]) -> Index:
    return np.array([at[name] for name in names], np.int32)[column] if len(column) else column


def _stack(columns: list[npt.NDArray[T]], kind: type[T]) -> npt.NDArray[T]:
    return np.concatenate(columns) if columns else np.empty(0, kind)


@dataclass(frozen=True, slots=True)
class Tier:
    """One track of a file as its own program names it."""

    name: str
    participant: str = ""
    annotator: str = ""
    parent: str = ""  # the tier that this one hangs under
    kind: str = ""  # the program's own word for what it holds (ELAN: linguistic type)


class Numbered(Sequence[str]):
    """Row names such as "line 7": a word and a number (n,) each, put together when asked for, as most never are.

    The number stands at the word's {}, or after it; a word whose number is NONE stands alone.
    """

    __slots__ = ("number", "which", "words")

    def __init__(self, words: tuple[str, ...], number: Ints, which: Index | None = None) -> None:
        """`which`: (n,) indices into `words`; by default all take the first."""
        self.words, self.number = words, number
        self.which = np.broadcast_to(np.int32(0), number.shape) if which is None else which

    def __len__(self) -> int:
        return len(self.number)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice | Ints) -> Numbered: ...
    def __getitem__(self, at: int | slice | Ints) -> str | Numbered:
        if isinstance(at, slice | np.ndarray):
            return Numbered(self.words, self.number[at], self.which[at])
        word, number = self.words[self.which[at]], int(self.number[at])
        return word if number == NONE else word.replace("{}", str(number)) if "{}" in word else f"{word} {number}"


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """One recording as its file has it, before any scheme: actors are tiers, codes are the values as written.

    parent: (n,) the row that a dependent annotation hangs under, -1 for none.
    ids: (n,) what the file calls each row (an annotation id, a line), so that a figure can be traced.
    observed: the stretches that the file itself says were watched; none where it says nothing, so that all of it was.
    """

    events: Events
    tiers: tuple[Tier, ...]
    parent: Index
    ids: Sequence[str]
    media: tuple[str, ...] = ()
    observed: tuple[Span, ...] = ()

    @property
    def name(self) -> str:
        return self.events.sessions[0]

    @property
    def watched(self) -> tuple[Span, ...]:
        """The observed stretches, or the one from the beginning to the end."""
        return self.observed or (Span(0, int(self.events.duration_ms[0])),)

    def place(self, row: int) -> str:
        return f"{self.events.actors[self.events.actor[row]]} {self.ids[row]}".strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: a session, and what was met on the way and not repaired."""

    session: Session
    issues: tuple[Issue, ...]
    format: str


def session_from_rows(
    rows: Sequence[tuple[str, str, int, int]],
    *,
    name: str,
    ids: Sequence[str],
    parents: Sequence[int] | None = None,
    tiers: Sequence[Tier] | None = None,
    media: Sequence[str] = (),
    duration_ms: int | None = None,
) -> Session:
    """A session from (tier, value, start, end) rows in the file's order; `parents` are row numbers in that order."""
    events = events_from_rows(rows, name=name, duration_ms=duration_ms)
    order = np.lexsort((np.array([r[3] for r in rows], np.int64), np.array([r[2] for r in rows], np.int64)))
    landed = np.empty(len(rows), np.int32)
    landed[order] = np.arange(len(rows), dtype=np.int32)
    given = np.array(parents if parents is not None else [NONE] * len(rows), np.int32)
    moved = np.where(given == NONE, NONE, landed[given])[order] if len(rows) else given
    known = tuple(tiers) if tiers is not None else tuple(Tier(actor) for actor in events.actors)
    return Session(events, known, moved.astype(np.int32), tuple(ids[at] for at in order), tuple(media))


CALM_BINS = ("under 1 min", "1 to 5 min", "5 to 15 min", "over 15 min")  # constants: latency_bins


@dataclass(frozen=True, slots=True, eq=False)
class Diary:
    """Moments that caregivers chose to note, one row a moment, by day; codes are those of the `attunement` scheme.

    day: (n,) days since 1970-01-01 where it happened. signal, outcome: (n,) code indices, -1 when not said.
    mended: (n,) 1 found each other again, 0 not yet, -1 not said. calm: (n,) index into CALM_BINS, -1 when not said.
    act_row, act_code: (m,) the acts that followed, one row each, pointing at their moment.
    """

    day: Index
    signal: Index
    outcome: Index
    mended: Index
    calm: Index
    act_row: Index
    act_code: Index
    codes: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.day)
