"""A stretch of a big event table as a part: whole sessions, read, checked and measured in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from attunement.clock import LONGEST_MS
from attunement.corpus.flat import Stretches, flat
from attunement.corpus.parts import (
    ISSUES,
    ITEM,
    Found,
    Item,
    Kinds,
    Rule,
    in_order,
    issue_kinds,
    row_kinds,
    rule_columns,
)  # fmt: skip
from attunement.corpus.words import OBSERVED, by_code, by_tier
from attunement.errors import NotReadable, Severity
from attunement.events import NONE, Events, Index, Ints
from attunement.schemes import Scheme, scheme

_SESSION = "_session"
_WRONG = (
    ("time-not-readable", Severity.WARNING, "a time is missing; left out"),
    ("time-negative", Severity.ERROR, "a time lies before the recording begins; left out"),
    ("time-too-late", Severity.ERROR, "a time lies beyond 48 hours; left out"),
    ("times-reversed", Severity.ERROR, "it ends before it begins; left out"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """source: the Parquet file that is read; name, sha256: of the file that was given. who, what: ("actor", "code") or
    ("tier", "value"). told: which of duration_ms and observed_ms it has."""

    source: str
    rows: int
    name: str
    sha256: str | None
    keys: Kinds
    who: str
    what: str
    told: tuple[str, ...]
    scheme: str

    @property
    def by(self) -> list[str]:
        return list(self.keys)

    @property
    def columns(self) -> list[str]:
        return [*self.by, self.who, self.what, "start_ms", "end_ms", *self.told]


@dataclass(frozen=True, slots=True)
class RowsPart:
    """Rows `first` to `first + rows` of a Parquet file; in_pieces: its sessions have to be put together first."""

    table: Table
    item: Item
    source: str
    first: int
    rows: int | None
    in_pieces: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        return (self.item,)

    def measure(self, rule: Rule) -> Found:
        lazy = pl.scan_parquet(self.source).select(self.table.columns).slice(self.first, self.rows)
        frame = lazy.collect()
        return measure_rows(frame.sort(self.table.by, maintain_order=True) if self.in_pieces else frame, self, rule)

    def alone(self) -> Sequence[RowsPart]:
        return [self]

    def given_up(self, why: str) -> Found:
        remedy = "try it with --workers 1; what is done is kept, go on with --resume"
        raise NotReadable(why, place=self.item.name, remedy=remedy)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Columns (n,) of a part, times checked. wrong: what of _WRONG is wrong with each row, NONE for nothing."""

    session: Index
    start: Ints
    end: Ints
    wrong: Index
    actors: tuple[str, ...]
    actor: Index
    code: Index


def measure_rows(frame: pl.DataFrame, part: RowsPart, rule: Rule) -> Found:
    """Rows of whole sessions, session after session, measured as one long session."""
    table, by = part.table, scheme(part.table.scheme)
    session, sessions = _sessions(frame, table.by)
    start, end = _whole(frame["start_ms"]), _whole(frame["end_ms"])
    actors, actor, code = _words(frame.select(table.who, table.what), by)
    rows = _Rows(
        session, start.fill_null(0).to_numpy(), end.fill_null(0).to_numpy(), _wrong(start, end), actors, actor, code
    )
    told = {name: _told(frame[name], session, len(sessions)) for name in table.told}
    events, stretches = _events(rows, by, told, len(sessions))
    forbidden = np.zeros(len(sessions), np.bool_)
    if not rule.despite_issues:
        forbidden[session[rows.wrong > 0]] = True  # the first of _WRONG is only a warning
    about = sessions.with_columns(
        **rule_columns(by, rule), sha256=pl.lit(table.sha256), format=pl.lit("event table"),
        duration_ms=pl.Series(events.duration_ms), observed_ms=pl.Series(events.observed_ms),
        events=pl.Series(np.bincount(events.session, minlength=len(sessions))), measured=pl.Series(~forbidden),
    )  # fmt: skip
    numbers = flat(events, by, window_ms=rule.window_ms, stretches=stretches).with_columns(
        pl.when(pl.Series(~forbidden)).then(pl.all()).name.keep()
    )
    issues = pl.concat([_time_issues(rows, sessions, table.keys), _word_issues(frame, rows, table)])
    whose = {ITEM: pl.lit(part.item.tag), "file": pl.lit(table.name)}
    return Found(
        in_order(pl.concat([about, numbers], how="horizontal").with_columns(**whose), row_kinds(table.keys)),
        in_order(issues.with_columns(**whose), issue_kinds(table.keys)),
    )


def _sessions(frame: pl.DataFrame, by: Sequence[str]) -> tuple[Index, pl.DataFrame]:
    """The session (n,) of each row, and the keys of each session."""
    first = borders(frame, by)
    session = np.zeros(len(frame), np.int32)
    session[first[1:]] = 1
    return np.cumsum(session, dtype=np.int32), frame.select(by)[first]


def borders(frame: pl.DataFrame, by: Sequence[str]) -> Ints:
    """The rows (sessions,) at which the keys become others; the first row is one of them."""
    if not len(frame):
        return np.empty(0, np.int64)
    changes = frame.select(pl.any_horizontal(pl.col(key).ne_missing(pl.col(key).shift()) for key in by)).to_series()
    marks = changes.to_numpy().copy()
    marks[0] = True
    return np.flatnonzero(marks)


def _whole(column: pl.Series) -> pl.Series:
    return (column.round() if column.dtype.is_float() else column).cast(pl.Int64, strict=False)


def _wrong(start: pl.Series, end: pl.Series) -> Index:
    kinds = (
        start.is_null() | end.is_null(), (start < 0) | (end < 0), (start > LONGEST_MS) | (end > LONGEST_MS), end < start,
    )  # fmt: skip
    wrong = np.full(len(start), NONE, np.int32)
    for number in reversed(range(len(kinds))):
        wrong[kinds[number].fill_null(False).to_numpy()] = number
    return wrong


def _words(frame: pl.DataFrame, by: Scheme) -> tuple[tuple[str, ...], Index, Index]:
    """Actors in order of their names, and each row's actor and code; each different pair of words is looked up once."""
    who, what = frame.columns
    (whose, first), (said, second) = (_numbered(frame[name]) for name in (who, what))
    pair = first * len(said) + second
    if len(whose) * len(said) <= 4 * len(pair):  # few words, many rows: by counting
        there = np.bincount(pair, minlength=len(whose) * len(said)) > 0
        different, at = np.flatnonzero(there), (np.cumsum(there) - 1)[pair]
    else:
        different, at = np.unique(pair, return_inverse=True)
    words = (
        pl.DataFrame({who: whose[different // len(said)], what: said[different % len(said)]}) if len(pair) else frame
    )
    names, code = (by_tier if who == "tier" else by_code)(words, by)
    actors = tuple(sorted(set(names)))
    place = {name: number for number, name in enumerate(actors)}
    actor = np.array([place[name] for name in names], np.int32)
    return actors, actor[at], code[at]


def _numbered(column: pl.Series) -> tuple[pl.Series, Ints]:
    """The different words of a column in order, and the place of each row's word."""
    text = column.cast(pl.String).fill_null("")
    words = text.unique().sort()
    return words, text.cast(pl.Enum(words)).to_physical().to_numpy().astype(np.int64)


def _told(column: pl.Series, session: Index, sessions: int) -> Ints:
    """The largest number that the rows of each session tell, (sessions,), NONE where there is none."""
    return _largest(session, _whole(column).fill_null(NONE).to_numpy(), sessions, least=NONE)


def _largest(session: Index, values: Ints, sessions: int, *, least: int = 0) -> Ints:
    found = np.full(sessions, least, np.int64)
    if len(session):  # by session, so each session is one run
        first = np.flatnonzero(np.diff(session, prepend=NONE))
        found[session[first]] = np.maximum(np.maximum.reduceat(values, first), least)
    return found


def _events(rows: _Rows, by: Scheme, told: Mapping[str, Ints], sessions: int) -> tuple[Events, Stretches | None]:
    good = rows.wrong == NONE
    length = _largest(rows.session[good], rows.end[good], sessions)
    length = np.maximum(told.get("duration_ms", length), length)
    stretches = _stretches(rows, length)
    watched = length if stretches is None else np.zeros_like(length)
    if stretches is not None:
        np.add.at(watched, stretches.session, stretches.ends - stretches.begins)
    stated = told.get("observed_ms", watched)
    kept = np.flatnonzero(good & (rows.code >= 0))
    session, start, end = rows.session[kept], rows.start[kept], rows.end[kept]
    order = _by_time(session, start, end)
    kept, session, start, end = kept[order], session[order], start[order], end[order]
    events = Events(
        session, rows.actor[kept], rows.code[kept], start, end, tuple(map(str, range(sessions))), rows.actors, by.ids,
        length, np.where(stated == NONE, watched, stated),
    )  # fmt: skip
    return events, stretches


def _by_time(session: Index, start: Ints, end: Ints) -> Ints:
    """The order by session, start and end of rows that are by session; most tables are by start already, but for ties."""
    when = session.astype(np.int64) << LONGEST_MS.bit_length() | start
    order = np.arange(len(when))
    if (when[1:] < when[:-1]).any():
        order = np.argsort(when, kind="stable")
        when, end = when[order], end[order]
    same = when[1:] == when[:-1]
    row = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False)) if same.any() else order[:0]
    order[row] = order[row[np.lexsort((end[row], when[row]))]]
    return order


def _stretches(rows: _Rows, length: Ints) -> Stretches | None:
    """The stretches that marked rows cover, overlaps joined; a session without a mark was watched whole. None: all were."""
    marks = (rows.wrong == NONE) & (rows.code == OBSERVED) & (rows.end > rows.start)
    row = np.flatnonzero(marks)
    if not len(row):
        return None
    row = row[np.lexsort((rows.start[row], rows.session[row]))]
    base = rows.session[row] * np.int64(2 * LONGEST_MS)
    start, end = rows.start[row] + base, rows.end[row] + base
    covered = np.append(base[0] - 1, np.maximum.accumulate(end)[:-1])
    first = np.flatnonzero(start >= covered)
    whole = np.setdiff1d(np.arange(len(length)), rows.session[row])
    session = np.concatenate([rows.session[row][first], whole])
    begins = np.concatenate([start[first] - base[first], np.zeros_like(whole)])
    ends = np.concatenate([np.maximum.reduceat(end, first) - base[first], length[whole]])
    order = np.lexsort((begins, session))
    return Stretches(session[order], begins[order], ends[order])


def _time_issues(rows: _Rows, sessions: pl.DataFrame, keys: Kinds) -> pl.DataFrame:
    """One for each session and kind of wrong time; `times` says how many rows."""
    row = np.flatnonzero(rows.wrong != NONE)
    cell, times = np.unique(rows.session[row] * np.int64(len(_WRONG)) + rows.wrong[row], return_counts=True)
    kinds = [_WRONG[kind] for kind in (cell % len(_WRONG)).tolist()]
    issues = sessions[(cell // len(_WRONG)).tolist()].with_columns(
        code=pl.Series([kind[0] for kind in kinds], dtype=pl.String), place=pl.lit(""),
        severity=pl.Series([str(kind[1]) for kind in kinds], dtype=pl.String), times=pl.Series(times, dtype=pl.Int64),
        message=pl.Series([kind[2] for kind in kinds], dtype=pl.String),
    )  # fmt: skip
    return in_order(issues, {**keys, **ISSUES})


def _word_issues(frame: pl.DataFrame, rows: _Rows, table: Table) -> pl.DataFrame:
    """One for each tier or code that the scheme does not know, for all sessions together."""
    column = "tier" if table.who == "tier" else table.what
    unknown = frame.lazy().select(pl.col(column).cast(pl.String).fill_null("").alias("word"))
    counted = unknown.filter(pl.Series(rows.code == NONE)).group_by("word").agg(times=pl.len())
    issues = counted.select(
        code=pl.lit("not-in-scheme"), severity=pl.lit(str(Severity.WARNING)), place=pl.format(f"{column} {{}}", "word"),
        message=pl.lit("rows left out: the scheme does not know them"), times="times",
    )  # fmt: skip
    return in_order(issues.collect(), {**table.keys, **ISSUES})
