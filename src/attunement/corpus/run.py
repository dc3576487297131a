"""A whole corpus, from its files or its table to one row a session, in parts that never lie in memory together."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from attunement import __version__
from attunement.corpus import files, table
from attunement.corpus.journal import ENDING, Journal, begin, finished
from attunement.corpus.local import GUARD, begins_anew, here, processes
from attunement.corpus.parts import FILE_KEYS, Engine, Found, Item, Part, Rule
from attunement.errors import AttunementError, WrongUse
from attunement.formats.whole import whole
from attunement.schemes import scheme
from attunement.schemes.as_written import NAME as AS_WRITTEN

Told = Callable[[int, int], None]  # called with how much is done, of how much


@dataclass(frozen=True, slots=True)
class Done:
    """What a run came to. with_numbers: sessions that gave numbers. lost: files that could not be read."""

    sessions: int
    with_numbers: int
    issues: int
    lost: int
    out: Path
    issues_out: Path


def measure_corpus(
    places: Sequence[str],
    out: Path,
    *,
    by: Sequence[str] = (),
    rule: Rule | None = None,
    engine: Engine | None = None,
    workers: int = 1,
    resume: bool = False,
    force: bool = False,
    told: Told | None = None,
) -> Done:
    """Measures files and folders, or, with `by`, one event table whose sessions those columns tell apart.

    Writes one row a session to `out`, and every issue to the table beside it (.issues.parquet); what is done is kept in a
    folder beside it (.journal), so that with `resume` only what is missing or has changed is measured. The result is the
    same for every engine and number of parts. Without an `engine`, one worker or one part is measured in this process, and
    more in processes of their own, each of which reads the script that asks anew: there what is done has to stand under
    `if __name__ == "__main__":`. Raises WrongUse, NotReadable, BadScheme.
    """
    if begins_anew():
        raise WrongUse("a process to measure in began with the script that started it", remedy=GUARD)
    rule, folder = rule or Rule(), _beside(out)
    _check(places, out, by, rule)
    items = [] if by else files.find(places)
    _check_out(out, places if by else [item.name for item in items], resume=resume, force=force)
    begin(folder, _about(by, rule), resume=resume)
    store = folder / "store"
    shutil.rmtree(store, ignore_errors=True)
    try:
        keys = FILE_KEYS
        parts: Sequence[Part] = files.cut(_missing(items, folder), workers=workers)
        if by:
            opened = table.open_table(Path(places[0]), by, rule, store=store)
            whole = table.cut(opened, store=store, most=table.rows_each(opened, workers))
            keys, items = opened.keys, [part.item for part in whole]
            left = set(_missing(items, folder))
            parts = [part for part in whole if part.item in left]
        journal = Journal(folder, keys)
        few = workers == 1 or len(parts) < 2
        _measure(parts, rule, engine or (here if few else processes(workers)), journal, told)
        return _write(journal, items, out)
    except AttunementError:
        if not finished(folder):
            shutil.rmtree(folder)  # nothing is done, so there is nothing to go on with
        raise
    finally:
        shutil.rmtree(store, ignore_errors=True)


def _missing(items: Sequence[Item], folder: Path) -> list[Item]:
    done = finished(folder)
    return [item for item in items if item.tag not in done]


def _measure(parts: Sequence[Part], rule: Rule, engine: Engine, journal: Journal, told: Told | None) -> None:
    for at, (part, found) in enumerate(_measured(parts, rule, engine), start=1):
        journal.keep(part, found)
        if told is not None:
            told(min(at, len(parts)), len(parts))


def _measured(parts: Sequence[Part], rule: Rule, engine: Engine) -> Iterator[tuple[Part, Found]]:
    """What each part gave; those that gave nothing once more, in the smallest parts, one at a time."""
    again: list[Part] = []
    for part, found in engine(parts, rule):
        if isinstance(found, Found):
            yield part, found
        else:
            again.append(part)
    alone = processes(1, ahead=0)
    for part, found in alone([one for many in again for one in many.alone()], rule):
        yield part, found if isinstance(found, Found) else part.given_up(found)


def _check(places: Sequence[str], out: Path, by: Sequence[str], rule: Rule) -> None:
    """Raises WrongUse, BadScheme for what cannot go well, before anything is read."""
    if out.suffix.lower() != ".parquet":
        raise WrongUse("results are written as Parquet", place=out.name, remedy="let the name end in .parquet")
    if not out.parent.is_dir():
        raise WrongUse("there is no such folder", place=str(out.parent), remedy="make it, or write elsewhere")
    if by and (len(places) != 1 or not Path(places[0]).is_file()):
        raise WrongUse("--by speaks of one event table", place=places[0], remedy="give one .parquet or .csv file")
    if rule.scheme is not None and rule.scheme != AS_WRITTEN:
        scheme(rule.scheme)


def _check_out(out: Path, inputs: Sequence[str], *, resume: bool, force: bool) -> None:
    """Raises WrongUse where a result would take the place of what it is made from, or of what nobody gave up."""
    written = {out.resolve(), _issues_of(out).resolve()}
    own = next((name for name in inputs if Path(name).resolve() in written), None)
    if own is not None:
        raise WrongUse(
            "the results would take the place of a file that is to be read", place=own, remedy="write to another name"
        )
    done = _beside(out).exists()
    if resume and out.exists() and not done:
        what = "a file of this name is there, and no journal of a run to go on with"
        raise WrongUse(what, place=str(out), remedy="choose another name, or write over it with --force")
    if not resume and not force and (out.exists() or done):
        there = "a result of this name is there already" if out.exists() else "a run that was stopped lies there"
        raise WrongUse(there, place=str(out), remedy="go on with --resume, or begin again with --force")


def _about(by: Sequence[str], rule: Rule) -> dict[str, object]:
    """What has to be the same for a run to go on: our version, the way of counting, the scheme's own text."""
    own = rule.scheme is not None and Path(rule.scheme).is_file()
    text = hashlib.sha256(Path(rule.scheme or "").read_bytes()).hexdigest() if own else ""
    return {
        "attunement": __version__, "polars": pl.__version__, "by": list(by), "scheme": rule.scheme, "scheme's text": text,
        "window": rule.window_ms, "despite-issues": rule.despite_issues,
    }  # fmt: skip


def _write(journal: Journal, items: Sequence[Item], out: Path) -> Done:
    """Both tables, each whole or not at all."""
    issues_out = _issues_of(out)
    for lazy, path in ((journal.issues(items), issues_out), (journal.rows(items), out)):
        with whole(path, also=(pl.exceptions.PolarsError,)) as beside:
            lazy.sink_parquet(beside)
    rows = pl.scan_parquet(out).select(pl.len(), pl.col("measured").sum()).collect().row(0)
    severe = pl.col("code").is_in(["not-readable", "reader-broke", "not-measured"])
    said = pl.scan_parquet(issues_out).select(pl.col("times").sum(), severe.sum()).collect().row(0)
    return Done(rows[0], rows[1], said[0], said[1], out, issues_out)


def _issues_of(out: Path) -> Path:
    return out.with_suffix(".issues.parquet")


def _beside(out: Path) -> Path:
    return out.with_name(out.name + ENDING)
