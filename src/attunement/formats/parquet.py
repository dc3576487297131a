"""Event tables (Parquet), read and written: one row an event, several sessions in a file, read back equal."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import numpy as np
import polars as pl

from attunement.clock import LONGEST_MS
from attunement.errors import NotReadable, Severity, WrongUse
from attunement.events import NONE, Index, Ints, Numbered, Reading, Session, Tier
from attunement.formats.boris import only_one
from attunement.formats.parquet_size import refuse_large
from attunement.formats.rows import Rows, listed, reading
from attunement.formats.table_columns import OWN
from attunement.formats.table_tiers import hung, with_participants
from attunement.formats.text import LONGEST_FIELD

FAR_MS = 2**53  # a time with more digits than any clock has; it becomes an issue like any other late one

_NAMES = {"tier": ("tier", "actor", "speaker"), "value": ("value", "code", "label"), "session": ("session",),
          "start_ms": ("start_ms",), "end_ms": ("end_ms",), "participant": ("participant",), "id": ("id",),
          "parent": ("parent",), "duration_ms": ("duration_ms",)}  # fmt: skip
_NEEDED = ("tier", "value", "start_ms", "end_ms")


def read(data: bytes, name: str) -> Reading:
    """The one session of a file. Raises NotReadable, also for a file with several: see `read_all`."""
    return only_one(read_all(data, name), name)


def read_all(data: bytes, name: str) -> tuple[Reading, ...]:
    """A session for each name in the column `session`, in order of first row. Raises NotReadable."""
    refuse_large(data, name)
    try:
        frame = _frame(pl.scan_parquet(io.BytesIO(data)), name)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        why = (str(error).splitlines() or ["it cannot be unpacked"])[0][:120]
        raise NotReadable(
            f"it is not a whole Parquet file ({why})", place=name, remedy="write it again from its program"
        ) from None
    stem = PurePath(name).stem
    if "session" not in frame.columns:
        return (_reading(frame, stem, name),)
    parts = frame.partition_by("session", maintain_order=True, as_dict=True)
    if not parts:
        return (_reading(frame, stem, name),)
    return tuple(_reading(part, str(key[0] or "") or stem, name) for key, part in parts.items())


def _frame(lazy: pl.LazyFrame, name: str) -> pl.DataFrame:
    """The columns that we know, under our names and kinds, with the number of each row."""
    schema = lazy.collect_schema()
    at = {
        own: next((one for one in given if one in schema), "") for own, given in _NAMES.items()
    }  # fmt: skip
    if at["duration_ms"] and not schema["duration_ms"].is_integer():
        at["duration_ms"] = ""  # somebody's own, and nothing that rows need
    if missing := [own for own in _NEEDED if not at[own]]:
        raise NotReadable(
            f"it has no column {missing[0]}", place=name,
            remedy="name the columns session, tier, value, start_ms and end_ms",
        )  # fmt: skip
    for own, given in at.items():
        _check_kind(schema, own, given, name)
    known = [
        pl.col(given).cast(pl.Int64 if own.endswith("_ms") else pl.String, strict=False).alias(own)
        for own, given in at.items() if given
    ]  # fmt: skip
    frame = lazy.select(known).with_row_index("row", offset=1).collect()
    longest = frame.select(pl.col(pl.String).str.len_bytes().max().fill_null(0))
    if max(longest.row(0)) > LONGEST_FIELD:
        raise NotReadable(f"one of its values is longer than {LONGEST_FIELD >> 10} KB", place=name, remedy="shorten it")
    return frame


def _check_kind(schema: Mapping[str, pl.DataType], own: str, given: str, name: str) -> None:
    if not given:
        return
    kind = schema[given]
    if own.endswith("_ms") and not kind.is_integer():
        raise NotReadable(f"its column {given} holds no whole numbers", place=name, remedy="write whole milliseconds")
    if not own.endswith("_ms") and not isinstance(kind, pl.String | pl.Categorical | pl.Enum):
        raise NotReadable(f"its column {given} holds no text", place=name, remedy="write text in it")


def _reading(frame: pl.DataFrame, session: str, name: str) -> Reading:
    number, start, end = (frame[one] for one in ("row", "start_ms", "end_ms"))
    lost = (frame["start_ms"].is_null() | frame["end_ms"].is_null()).to_numpy()
    issues = listed(
        "time-not-readable", Severity.WARNING, np.flatnonzero(lost).tolist(), lambda row: f"row {number[row]}",
        lambda row: f"it lasts from {start[row]} to {end[row]}; left out", name,
    )  # fmt: skip
    tiers, tier = _numbered(frame["tier"])
    values, value = _numbered(frame["value"])
    named = with_participants(tiers, tier, frame["participant"].fill_null("")) if "participant" in frame else None
    numbered = Numbered(("row",), number.to_numpy().astype(np.int64))
    ids: Sequence[str] = frame["id"].fill_null("").to_list() if "id" in frame else numbered
    rows = Rows(
        named or tuple(map(Tier, tiers)), values, tier, value, _times(frame["start_ms"]), _times(frame["end_ms"]), ids,
        np.full(len(ids), NONE, np.int32),
    )  # fmt: skip
    if "parent" in frame and frame["parent"].fill_null("").ne("").any():
        rows = hung(rows, frame["parent"].fill_null("").to_list(), name, issues)
    return reading(rows, name=session, format="parquet", issues=issues, left_out=lost, lasts_ms=_lasts(frame))


def _lasts(frame: pl.DataFrame) -> int:
    """The one length that every row gives the recording; 0 where there is none, or several."""
    named = frame["duration_ms"].unique().to_list() if "duration_ms" in frame else []
    return named[0] if len(named) == 1 and named[0] is not None and 0 < named[0] <= LONGEST_MS else 0


def _times(column: pl.Series) -> Ints:
    return column.fill_null(0).clip(-FAR_MS, FAR_MS).to_numpy().astype(np.int64)


def _numbered(column: pl.Series) -> tuple[tuple[str, ...], Index]:
    """The different words of a column, in order of first use, and each row's place among them."""
    text = column.fill_null("")
    words = text.unique(maintain_order=True)
    return tuple(words.to_list()), text.cast(pl.Enum(words)).to_physical().to_numpy().astype(np.int32)


# Written


def written(session: Session) -> bytes:
    """The session's rows by time, in the same columns as an event table (CSV); tiers without rows have no place."""
    return written_all([session])


def written_all(sessions: Sequence[Session]) -> bytes:
    """Several sessions one below another. Raises WrongUse for none, and for two of one name."""
    names = [session.name for session in sessions]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise WrongUse(f"two sessions have the name “{twice}”", remedy="give each a name of its own")
    if not sessions:
        raise WrongUse("there is no session to write", remedy="give at least one")
    frame = pl.concat(list(map(_table, sessions)))
    into = io.BytesIO()
    frame.write_parquet(into, compression="zstd", statistics=True)
    return into.getvalue()


def _table(session: Session) -> pl.DataFrame:
    events = session.events
    who = {tier.name: tier.participant for tier in session.tiers}
    under = [session.ids[row] if row != NONE else "" for row in session.parent.tolist()]
    columns = (
        pl.repeat(session.name, len(events), eager=True, dtype=pl.String),
        _words(events.actors, events.actor), _words([who.get(actor, "") for actor in events.actors], events.actor),
        _words(events.codes, events.code), pl.Series(events.start), pl.Series(events.end),
        pl.Series(list(session.ids), dtype=pl.String), pl.Series(under, dtype=pl.String),
        pl.repeat(int(events.duration_ms[0]), len(events), eager=True, dtype=pl.Int64),
    )  # fmt: skip
    return pl.DataFrame([column.alias(name) for name, column in zip(OWN, columns, strict=True)])


def _words(names: Sequence[str], at: Index) -> pl.Series:
    return pl.Series(list(names), dtype=pl.String).gather(pl.Series(at)) if len(at) else pl.Series([], dtype=pl.String)
