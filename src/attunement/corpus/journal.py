"""What is done of a run, kept beside its result, so that a run that was stopped goes on and a second one is short."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from attunement.corpus.parts import ITEM, Found, Item, Kinds, Part, issue_kinds, row_kinds
from attunement.errors import WrongUse
from attunement.formats.whole import whole

ENDING = ".journal"
_ABOUT = "about.json"


class Journal:
    """A folder with three small tables for each finished part; the one that names its items is written last."""

    def __init__(self, folder: Path, keys: Kinds) -> None:
        self.folder, self.keys = folder, keys
        self._next = 1 + max((int(path.name[:6]) for path in folder.glob("*.rows.parquet")), default=0)

    def keep(self, part: Part, found: Found) -> None:
        items = pl.DataFrame({ITEM: [item.tag for item in part.items]})
        for name, table in (("rows", found.rows), ("issues", found.issues), ("items", items)):
            path = self.folder / f"{self._next:06}.{name}.parquet"
            with whole(path, also=(pl.exceptions.PolarsError,)) as beside:
                table.write_parquet(beside)
        self._next += 1

    def rows(self, items: Iterable[Item]) -> pl.LazyFrame:
        """The rows of these items, by file and keys."""
        return self._of(items, "rows", row_kinds(self.keys)).sort("file", *self.keys)

    def issues(self, items: Iterable[Item]) -> pl.LazyFrame:
        """The issues of these items, in order; what is said several times over has its `times` added up."""
        found = self._of(items, "issues", issue_kinds(self.keys))
        names = [name for name in issue_kinds(self.keys) if name not in (ITEM, "times")]
        return found.group_by(names).agg(pl.col("times").sum()).sort(names)

    def _of(self, items: Iterable[Item], name: str, kinds: Kinds) -> pl.LazyFrame:
        tags = {item.tag for item in items}
        parts = [path for path in _written(self.folder) if not tags.isdisjoint(pl.read_parquet(path)[ITEM])]
        if not parts:
            return pl.LazyFrame(schema=dict(kinds)).drop(ITEM)
        tables = [path.with_name(f"{path.name[:6]}.{name}.parquet") for path in parts]
        return pl.scan_parquet(tables).join(pl.LazyFrame({ITEM: sorted(tags)}), on=ITEM, how="semi").drop(ITEM)


def finished(folder: Path) -> set[str]:
    """The tags of all items that are done."""
    names = _written(folder)
    return set(pl.scan_parquet(names).collect()[ITEM]) if names else set()


def begin(folder: Path, about: Mapping[str, object], *, resume: bool) -> None:
    """An empty folder for a new run, or, with `resume`, the one that is there if it is `about` the same. Raises WrongUse."""
    note = folder / _ABOUT
    if resume and note.exists():
        before = json.loads(note.read_text(encoding="utf-8"))
        if before != about:
            other = ", ".join(sorted(name for name in about if before.get(name) != about[name]))
            raise WrongUse(
                f"what is done there was asked for otherwise ({other})", place=folder.name,
                remedy="give the same arguments, or begin again with --force",
            )  # fmt: skip
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    note.write_text(json.dumps(about), encoding="utf-8")


def _written(folder: Path) -> list[Path]:
    """The tables of items, of all parts that are whole."""
    return sorted(folder.glob("*.items.parquet"))
