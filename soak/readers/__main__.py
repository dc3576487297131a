"""Runs the trials on both halves of the machine, prints what each format gave, and ends with 1 if anything is not sound."""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from soak import readers
from soak.readers.trials import FORMATS, PLANTS, Tally, ready, trials

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
SLOW = ("rttm", "datavyu_table", "table", "parquet")  # read by Polars, which takes milliseconds for the smallest table
BLOCK = 100  # trials between two signs of life
SILENT = 120.0  # seconds without a sign of life after which a worker counts as hanging in foreign code


def main(argv: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(argv)
    if asked.large:
        from soak.readers import large

        return large.main(asked.only)
    if asked.worker is not None:
        return work(asked)
    if asked.index is not None:
        ready(asked.plant)
        return int(report({name: trials(name, asked.seed, [asked.index]) for name in asked.only}) > 0)
    began = time.perf_counter()
    tallies = run(asked)
    unsound = report(tallies)
    if not asked.no_results:
        _write(asked, tallies, time.perf_counter() - began)
    return int(unsound > 0)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/soak readers", description=readers.__doc__)
    parser.add_argument("--minutes", type=float, help="how long; without it, until --count is reached")
    parser.add_argument("--count", type=int, default=20_000, help="trials of each format (default 20,000)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="run the same trials again")
    parser.add_argument(
        "--only", nargs="*", choices=FORMATS, default=FORMATS, metavar="FORMAT", help=", ".join(FORMATS)
    )
    parser.add_argument("--slow-count", type=int, help=f"trials of each of {', '.join(SLOW)}, instead of --count")
    parser.add_argument("--index", type=int, help="only this trial of the seed, in this process")
    parser.add_argument("--plant", choices=PLANTS, default="", help="a fault that has to be found")
    parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 2))
    parser.add_argument("--large", action="store_true", help="honest files of 100 MiB instead: seconds and memory")
    parser.add_argument("--no-results", action="store_true", help="leave results/ as it is")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--alive", help=argparse.SUPPRESS)
    return parser


def run(asked: argparse.Namespace) -> dict[str, Tally]:
    """The trials of each format, shared by workers that are processes; a worker that hangs or dies is a finding."""
    print(f"seed {asked.seed}", flush=True)
    tallies = {name: Tally(name) for name in asked.only}
    with tempfile.TemporaryDirectory() as folder:
        alive = [Path(folder, f"alive{number}") for number in range(asked.workers)]
        started = [_start(asked, number, path) for number, path in enumerate(alive)]
        for process, path in zip(started, alive, strict=True):
            for tally in _answers(process, path):
                tallies[tally.format].add(tally)
    return tallies


def _start(asked: argparse.Namespace, number: int, alive: Path) -> subprocess.Popen[str]:
    alive.write_text("", encoding="utf-8")
    given = [
        "--worker",
        number,
        "--workers",
        asked.workers,
        "--alive",
        alive,
        "--seed",
        asked.seed,
        "--count",
        asked.count,
    ]
    given += ["--minutes", asked.minutes] if asked.minutes else []
    given += ["--slow-count", asked.slow_count] if asked.slow_count else []
    given += ["--plant", asked.plant] if asked.plant else []
    command = [sys.executable, "-m", "soak.readers", *map(str, given), "--only", *asked.only]
    one_thread = os.environ | {"POLARS_MAX_THREADS": "1"}  # small tables; the workers fill the machine
    answers = alive.with_suffix(".json").open("w", encoding="utf-8")
    return subprocess.Popen(command, stdout=answers, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=one_thread)


def _answers(process: subprocess.Popen[str], alive: Path) -> Iterator[Tally]:
    """The worker's tallies, one a line; and one more where it did not end well."""
    ended = False
    while not ended:
        try:
            process.wait(timeout=1)
            ended = True
        except subprocess.TimeoutExpired:
            if time.time() - alive.stat().st_mtime > SILENT:
                process.kill()
    for line in alive.with_suffix(".json").read_text(encoding="utf-8").splitlines():
        yield Tally(**json.loads(line))
    if process.returncode:
        at = alive.read_text(encoding="utf-8") or "its start"
        format = at.split()[0] if " " in at else FORMATS[0]
        what = f"the process ended with {process.returncode} somewhere in {at}"
        yield Tally(format, unsound=1, findings=[{"format": format, "what": what}])


def work(asked: argparse.Namespace) -> int:
    """Every so many-th trial, a block of each format in turn, so that time cuts all of them alike."""
    ready(asked.plant)
    started_by = os.getppid()  # whoever is ended takes the workers along
    ends = time.monotonic() + asked.minutes * 60 if asked.minutes else float("inf")
    count = asked.count if not asked.minutes else 10**9
    for first in range(0, count, BLOCK * asked.workers):
        for name in asked.only:
            if time.monotonic() > ends or os.getppid() != started_by:
                return 0
            most = asked.slow_count if asked.slow_count and name in SLOW and not asked.minutes else count
            begin = first + asked.worker
            _note(asked.alive, f"{name} {begin}")
            indices = range(begin, min(first + BLOCK * asked.workers, most), asked.workers)
            print(json.dumps(trials(name, asked.seed, indices).as_json()), flush=True)
    return 0


def _note(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="utf-8")


def report(tallies: dict[str, Tally]) -> int:
    print(f"{'format':14}{'trials':>10}{'read':>10}{'refused':>10}{'ms each':>9}{'slowest':>9}{'MiB':>7}  not sound")
    for tally in tallies.values():
        each = tally.seconds / max(tally.trials, 1) * 1_000
        print(f"{tally.format:14}{tally.trials:>10,}{tally.read:>10,}{tally.refused:>10,}{each:>9.2f}{tally.slowest:>9.2f}"
              f"{tally.peak_mib:>7.0f}  {tally.unsound}")  # fmt: skip
        for found in tally.findings:
            print(f"    --only {tally.format} --seed {found.get('seed')} --index {found.get('index')}: {found['what']} "
                  f"({found.get('at')})")  # fmt: skip
    return sum(tally.unsound for tally in tallies.values())


def _write(asked: argparse.Namespace, tallies: dict[str, Tally], seconds: float) -> None:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout
    found = {
        "commit": commit.strip(), "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "workers": asked.workers, "seed": asked.seed, "seconds": round(seconds, 1),
        "trials": sum(tally.trials for tally in tallies.values()),
        "unsound": sum(tally.unsound for tally in tallies.values()),
        "formats": [tally.as_json() for tally in tallies.values()],
    }  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "readers.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
