"""One big event table: which columns mean what, and where it can be cut so that every session stays whole."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from attunement.corpus.parts import Item, Rule, issue_kinds, row_kinds
from attunement.corpus.rows import RowsPart, Table, borders
from attunement.corpus.words import scheme_for
from attunement.errors import NotReadable, WrongUse
from attunement.events import Ints

PART_ROWS = 1_000_000  # a second of work, some two hundred megabytes of memory
LOOK_ROWS = 8 * PART_ROWS  # of the key columns alone, at one look
_PAIRS = (("actor", "code"), ("tier", "value"))
_TIMES = ("start_ms", "end_ms")


def open_table(path: Path, by: Sequence[str], rule: Rule, *, store: Path) -> Table:
    """The table in a Parquet or CSV file; text is first written into the folder `store` as Parquet.

    Raises NotReadable, WrongUse, BadScheme.
    """
    separator = {".csv": ",", ".tsv": "\\t"}.get(path.suffix.lower())
    try:
        lazy = pl.scan_parquet(path) if separator is None else pl.scan_csv(path, separator=separator)
        schema = lazy.collect_schema()
        who, what = _columns(schema, by, path.name)
        source = path
        if separator is not None:
            source = store / "table.parquet"
            lazy.sink_parquet(source, mkdir=True)
            lazy = pl.scan_parquet(source)
        words = (
            lazy.select(pl.col(who, what).cast(pl.String).fill_null(""))
            .unique()
            .collect(engine="streaming")
            .sort(who, what)
        )
        rows = int(lazy.select(pl.len()).collect().item())
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _not_readable(path.as_posix(), error) from None
    chosen = scheme_for(words, rule.scheme, tiers=who == "tier", place=path.name)
    keys = {key: schema[key] for key in by}
    told = tuple(name for name in ("duration_ms", "observed_ms") if name in schema)
    return Table(str(source), rows, path.as_posix(), sha256, keys, who, what, told, rule.scheme or chosen.name)


def rows_each(table: Table, workers: int) -> int:
    """How many rows a part gets, so that `workers` are busy; what is measured does not depend on it."""
    return min(PART_ROWS, table.rows // (2 * workers) + 1)


def cut(table: Table, *, store: Path, most: int) -> list[RowsPart]:
    """Stretches of whole sessions of up to `most` rows; where sessions lie in pieces, buckets of sessions in `store`.

    A longer session is a part of its own. Raises NotReadable.
    """
    try:
        first = _borders(table)
        if first is None:
            return _buckets(table, store, most)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _not_readable(table.name, error) from None
    edges, parts = np.append(first, table.rows), []
    at = 0
    while at < len(first):
        after = max(int(np.searchsorted(edges, edges[at] + most, "right")) - 1, at + 1)
        begins, ends = int(edges[at]), int(edges[after])
        item = _item(table, f"rows {begins} to {ends}", ends - begins)
        parts.append(RowsPart(table, item, table.source, begins, ends - begins))
        at = after
    return parts


def _columns(schema: pl.Schema, by: Sequence[str], place: str) -> tuple[str, str]:
    """The names of the two columns that say who and what. Raises WrongUse."""
    pair = next((pair for pair in _PAIRS if set(pair) <= schema.keys()), None)
    missing = [name for name in (*by, *_TIMES) if name not in schema]
    if missing or pair is None:
        wanted = missing[0] if missing else "actor and code, or tier and value"
        raise WrongUse(f"it has no column {wanted}", place=place, remedy=f"it has {', '.join(schema)[:200]}")
    ours = (row_kinds({}).keys() | issue_kinds({}).keys() | {*pair, *_TIMES}) & set(by)
    if ours or len(set(by)) < len(by):
        what = f"--by {min(ours)}: results have a column of that name" if ours else "--by names a column twice"
        raise WrongUse(what, place=place, remedy="name the columns that tell one session from another")
    return pair


def _borders(table: Table) -> Ints | None:
    """The first row of each session; None where some session lies in several pieces."""
    lazy = pl.scan_parquet(table.source).select(table.by)
    keys = pl.DataFrame(schema=dict(table.keys))
    found: list[Ints] = []
    for at in range(0, table.rows, LOOK_ROWS):
        look = lazy.slice(at, LOOK_ROWS).collect()
        first = borders(look, table.by)
        if len(keys) and keys[-1].equals(look.select(table.by)[:1], null_equal=True):
            first = first[1:]
        keys = pl.concat([keys, look[first]])
        if keys.n_unique() < len(keys):
            return None
        found.append(first + at)
    return np.concatenate([np.empty(0, np.int64), *found])


def _buckets(table: Table, store: Path, most: int) -> list[RowsPart]:
    """Each session whole in one file of about `most` rows, by a number made of its keys."""
    many = table.rows // most + 1
    folder = store / "buckets"
    number = (pl.struct(table.by).hash() % many).cast(pl.Int64)
    by_number = pl.PartitionBy(folder, key={"bucket": number}, include_key=False, approximate_bytes_per_file=None)
    pl.scan_parquet(table.source).select(table.columns).sink_parquet(by_number, mkdir=True)
    parts = []
    for bucket in sorted(folder.glob("bucket=*"), key=lambda one: int(one.name.partition("=")[2])):
        item = _item(table, f"{bucket.name} of {many}", int(pl.scan_parquet(bucket).select(pl.len()).collect().item()))
        parts.append(RowsPart(table, item, str(bucket / "*.parquet"), 0, None, in_pieces=True))
    return parts


def _item(table: Table, name: str, rows: int) -> Item:
    return Item(f"{table.name} {table.sha256} {name}", rows, 0)


def _not_readable(place: str, error: Exception) -> NotReadable:
    why = (getattr(error, "strerror", None) or str(error)).splitlines()[0][:120]
    return NotReadable(f"it cannot be read as an event table ({why})", place=place, remedy="write it again, whole")
