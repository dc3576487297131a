"""Measures many recordings at once: one row a session."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attunement.cli._parser import Parser
from attunement.cli._progress import show_progress
from attunement.clock import parse_duration, show_duration
from attunement.errors import ExitCode, WrongUse
from attunement.measures import WINDOW_MS

if TYPE_CHECKING:
    from attunement import corpus

_MORE = """\
examples:
  attunement corpus measure recordings/ --out results.parquet
  attunement corpus measure 'lab1/**/*.eaf' lab2/ --out results.parquet --window 2s --workers 4
  attunement corpus measure events.parquet --by child,visit --out results.parquet

Folders are searched for every kind of file that we read. A table has the columns of --by, then actor and code (of the
scheme) or tier and value (see attunement schemes), start_ms and end_ms, and duration_ms and observed_ms if it likes.

What could not be read or counted is in results.issues.parquet. What is done is kept in results.parquet.journal: a run that
was stopped goes on with --resume, and measures only what is missing or has changed.

Exit codes: 0 done; 2 wrong use; 3 no session gave a number; 4 the table is not readable.
"""


def main(argv: Sequence[str]) -> int:
    if argv and argv[0] == "measure":
        return _measure(argv[1:])
    if argv and argv[0] not in ("-h", "--help"):
        raise WrongUse(f"there is no “{argv[0][:40]}”", place="corpus", remedy="see attunement corpus measure --help")
    _parser().print_help()
    return 0 if argv else ExitCode.WRONG_USE


def _parser() -> Parser:
    parser = Parser("corpus measure", "Measure many recordings at once: one row a session.", epilog=_MORE)
    parser.add_argument(
        "places", metavar="PATH", nargs="+", help="a recording, a folder, a pattern; or one event table"
    )
    parser.add_argument("--out", metavar="RESULTS.parquet", required=True, help="the table to write")
    parser.add_argument("--by", metavar="COLUMNS", default="", help="columns of the table that tell sessions apart")
    parser.add_argument(
        "--scheme", metavar="NAME|FILE", help="the coding scheme (see attunement schemes); default: best for each file"
    )
    parser.add_argument(
        "--window", metavar="TIME", default=show_duration(WINDOW_MS),
        help="how long after a signal an act still answers it, such as 2s or 500ms (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--despite-issues", action="store_true", help="give numbers even where rows had to be left out of them"
    )
    parser.add_argument("--workers", metavar="N", type=int, help="processes side by side (default: one a processor)")
    parser.add_argument("--engine", choices=("local", "spark"), default="local", help="where to measure")
    parser.add_argument("--master", metavar="URL", help="the Spark to use (default: one on this machine)")
    parser.add_argument("--resume", action="store_true", help="go on with a run, or renew it for files that changed")
    parser.add_argument("--force", action="store_true", help="begin again, and write over a result of that name")
    return parser


def _measure(argv: Sequence[str]) -> int:
    from attunement import corpus

    wanted = _parser().parse_args(argv)
    workers = corpus.cores() if wanted.workers is None else wanted.workers
    if workers < 1:
        raise WrongUse(f"{workers} workers", place="--workers", remedy="give at least one")
    if wanted.resume and wanted.force:
        raise WrongUse("--resume goes on and --force begins again", remedy="give one of them")
    if wanted.master is not None and wanted.engine != "spark":
        raise WrongUse("only Spark has a master", place="--master", remedy="add --engine spark")
    spark = wanted.engine == "spark"
    engine = corpus.on_spark(wanted.master or f"local[{workers}]") if spark else corpus.processes(workers)
    done = corpus.measure_corpus(
        wanted.places, Path(wanted.out), by=[name.strip() for name in wanted.by.split(",") if name.strip()],
        rule=corpus.Rule(wanted.scheme, parse_duration(wanted.window), wanted.despite_issues),
        engine=engine, workers=workers, resume=wanted.resume, force=wanted.force, told=show_progress,
    )  # fmt: skip
    return _say(done)


def _say(done: corpus.Done) -> int:
    print(f"{done.out}: {done.sessions} sessions, {done.with_numbers} with numbers")
    if done.issues:
        lost = f", {done.lost} files among them that could not be read" if done.lost else ""
        print(f"{done.issues_out}: {done.issues} issues{lost}", file=sys.stderr)
    return ExitCode.DONE if done.with_numbers else ExitCode.NO_NUMBER
