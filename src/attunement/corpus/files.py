"""Coded recordings as parts: found in folders, read, coded and measured; what cannot be read is an issue of its own."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from attunement import formats
from attunement.corpus.flat import Stretches, flat
from attunement.corpus.journal import ENDING
from attunement.corpus.parts import (
    FILE_KEYS,
    ITEM,
    Found,
    Item,
    Rule,
    forbids,
    in_order,
    issue_kinds,
    issue_row,
    row_kinds,
    rule_columns,
)  # fmt: skip
from attunement.errors import AttunementError, Issue, Severity, WrongUse
from attunement.events import join
from attunement.schemes import Coding, coding_of
from attunement.schemes.as_written import NAME as AS_WRITTEN

PART_BYTES = 16 * 2**20  # of files: a few seconds of work, some hundred megabytes of memory
PART_FILES = 200


@dataclass(frozen=True, slots=True)
class FilesPart:
    """Some files, measured together."""

    items: tuple[Item, ...]

    def measure(self, rule: Rule) -> Found:
        read: list[_Read] = []
        issues: list[dict[str, object]] = []
        for item in self.items:
            found, said = _read(item, rule)
            read += found
            issues += said
        return Found(_rows(read, rule), _issues(issues))

    def alone(self) -> Sequence[FilesPart]:
        return [FilesPart((item,)) for item in self.items]

    def given_up(self, why: str) -> Found:
        issue = Issue("not-measured", Severity.ERROR, "", why)
        return Found(_rows([], Rule()), _issues([issue_row(item, item.name, issue) for item in self.items]))


def find(places: Iterable[str]) -> list[Item]:
    """The files named, those that a pattern fits, those of a known kind in folders; each once, by name. Raises WrongUse."""
    found = {os.path.realpath(path): path for place in places for path in _at(place)}
    items = []
    for path in sorted(found.values()):
        about = os.stat(path)
        items.append(Item(Path(path).as_posix(), about.st_size, about.st_mtime_ns))
    return items


def cut(items: Sequence[Item], *, workers: int) -> list[FilesPart]:
    """Parts of bounded size, and enough of them to keep `workers` busy."""
    most = min(PART_BYTES, sum(item.size for item in items) // (4 * max(workers, 1)) + 1)
    parts: list[list[Item]] = []
    size = most
    for item in items:
        if not parts or size + item.size > most or len(parts[-1]) >= PART_FILES:
            parts.append([])
            size = 0
        parts[-1].append(item)
        size += item.size
    return [FilesPart(tuple(part)) for part in parts]


def _at(place: str) -> list[str]:
    if os.path.isdir(place):
        endings = {ending for one in formats.formats() if one.reads for ending in one.endings}
        paths = (path for path in Path(place).rglob("*") if path.suffix.lower() in endings and _is_theirs(path, place))
        found = [str(path) for path in paths]
    elif os.path.isfile(place):
        return [place]
    else:
        found = [path for path in glob.glob(place, recursive=True) if os.path.isfile(path)]
    if not found:
        raise WrongUse("there is no recording of a kind that we know", place=place, remedy="see attunement formats")
    return found


def _is_theirs(path: Path, folder: str) -> bool:
    """No hidden files, and nothing that an earlier run of ours wrote."""
    inside = path.relative_to(folder)
    if any(part.startswith(".") or part.endswith(ENDING) for part in inside.parts):
        return False
    ours = path.name.endswith(".issues.parquet") or path.with_name(path.name + ENDING).exists()
    return path.is_file() and not ours


@dataclass(frozen=True, slots=True)
class _Read:
    """One recording of a file."""

    item: Item
    sha256: str
    format: str
    coding: Coding
    measured: bool


def _read(item: Item, rule: Rule) -> tuple[list[_Read], list[dict[str, object]]]:
    """Every recording of a file, and what is to be said of them."""
    try:
        readings, sha256 = formats.readings(item.name), formats.sha256(item.name)
        coded = [(one, coding_of(one.session, asked=rule.scheme)) for one in readings]
    except AttunementError as error:
        said = "; ".join(filter(None, (error.what, error.remedy)))
        return [], [issue_row(item, item.name, Issue("not-readable", Severity.ERROR, error.place, said))]
    except Exception as error:  # whatever a reader does, the other files are still measured
        what = f"our reader broke on it ({type(error).__name__}: {error})"[:200]
        return [], [issue_row(item, item.name, Issue("reader-broke", Severity.ERROR, "", what))]
    read, rows = [], []
    for one, coding in coded:
        issues = (*one.issues, *coding.issues)
        rows += [issue_row(item, item.name, issue, session=one.session.name) for issue in issues]
        measured = coding.scheme.name != AS_WRITTEN and not forbids(issues, rule)
        read.append(_Read(item, sha256, one.format, coding, measured))
    return read, rows


def _rows(read: Sequence[_Read], rule: Rule) -> pl.DataFrame:
    """All recordings that one scheme codes are one long session, and are measured in one call."""
    kinds = row_kinds(FILE_KEYS)
    frames = [pl.DataFrame(schema=dict(kinds))]
    together: dict[tuple[str, bool], list[_Read]] = {}
    for one in read:
        together.setdefault((one.coding.scheme.name, one.measured), []).append(one)
    for (_, measured), some in together.items():
        by = some[0].coding.scheme
        about = pl.DataFrame([_about(one) for one in some]).with_columns(
            **rule_columns(by, rule), measured=pl.lit(measured)
        )
        if measured:
            together_as_one = join([one.coding.events for one in some])
            numbers = flat(together_as_one, by, window_ms=rule.window_ms, stretches=_stretches(some))
            about = pl.concat([about, numbers], how="horizontal")
        frames.append(in_order(about, kinds))
    return pl.concat(frames)


def _stretches(some: Sequence[_Read]) -> Stretches | None:
    """What was watched of each recording; None when all of them were watched whole."""
    spans = [(at, span.start, span.end) for at, one in enumerate(some) for span in one.coding.observed]
    whole = [(at, 0, int(one.coding.events.duration_ms[0])) for at, one in enumerate(some)]
    if spans == whole:
        return None
    session, begins, ends = np.array(spans, np.int64).reshape(-1, 3).T
    return Stretches(session, begins, ends)


def _about(one: _Read) -> dict[str, object]:
    events = one.coding.events
    return {
        ITEM: one.item.tag, "file": one.item.name, "session": events.sessions[0], "sha256": one.sha256,
        "format": one.format, "duration_ms": int(events.duration_ms[0]), "observed_ms": int(events.observed_ms[0]),
        "events": len(events),
    }  # fmt: skip


def _issues(rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(issue_kinds(FILE_KEYS)))
