"""Runs recordings of both journals side by side, prints what their cuts gave, and ends with 1 if anything was lost."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from soak import power
from soak.crash.__main__ import PROVES_NOTHING, RESULTS, origin
from soak.crash.server import ProvesNothing
from soak.power.checking import Found, Trial, each_tried
from soak.power.recording import JOURNALS, PLANTS, NoTracer, tracer

NO_TRACER = 4
PORTS = 8186


def main(argv: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(argv)
    try:
        tracer()
    except NoTracer as trouble:
        print(f"{trouble}; on Debian and Ubuntu: apt install strace", file=sys.stderr)
        return NO_TRACER
    print(f"seed {asked.seed}", flush=True)
    began = time.perf_counter()
    totals = {journal: Found() for journal in asked.journals}
    try:
        for trial, found in _run(list(_trials(asked))):
            totals[trial.journal].add(found)
    except ProvesNothing as trouble:
        print(f"this run proves nothing: {trouble}")
        return PROVES_NOTHING
    seconds = time.perf_counter() - began
    _tell(totals, seconds)
    if not asked.no_results and not asked.plant:
        _write(asked, totals, seconds)
    return int(any(found.unsound for found in totals.values()))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/soak power", description=power.__doc__)
    parser.add_argument("--states", type=int, default=100_000, help="cuts, shared by the journals (default 100,000)")
    parser.add_argument("--each", type=int, default=5_000, help="cuts of one recording (default 5,000)")
    parser.add_argument("--moments", type=int, default=300, help="noted in one recording (default 300)")
    parser.add_argument("--journals", nargs="+", choices=list(JOURNALS), default=list(JOURNALS))
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="the same choices again")
    parser.add_argument("--port", type=int, default=PORTS, help=f"the first server's port (default {PORTS})")
    weaker = ", ".join(f"{journal} with synchronous={level.upper()}" for journal, level in PLANTS.items())
    parser.add_argument("--plant", action="store_true", help=f"the weaker settings, which have to lose: {weaker}")
    parser.add_argument("--no-results", action="store_true", help="leave results/ as it is")
    return parser


def _trials(asked: argparse.Namespace) -> Iterator[Trial]:
    left = {journal: asked.states // len(asked.journals) for journal in asked.journals}
    number = 0
    while any(left.values()):
        for place, journal in enumerate(asked.journals):
            share = min(asked.each, left[journal])
            left[journal] -= share
            if share:
                port = asked.port + place
                yield Trial(journal, asked.plant, asked.moments, share, asked.seed + number, port)
        number += 1


def _run(trials: list[Trial]) -> Iterator[tuple[Trial, Found]]:
    """One process for each journal, so that no two servers meet on a port."""
    journals = sorted({trial.journal for trial in trials})
    with ProcessPoolExecutor(len(journals), multiprocessing.get_context("spawn")) as pool:
        running = [pool.submit(each_tried, [one for one in trials if one.journal == journal]) for journal in journals]
        for one in running:
            yield from one.result()


def _tell(totals: dict[str, Found], seconds: float) -> None:
    print(f"{sum(found.states for found in totals.values()):,} states in {seconds:.0f} s")
    for journal, found in totals.items():
        print(
            f"{journal:7} {found.recordings} recordings, {found.acknowledged:,} acknowledged, {found.writes:,} writes, "
            f"{found.syncs:,} syncs, {found.checkpoints} of the database file, {found.folder_changes:,} folder changes\n"
            f"        {found.states:,} states: {found.losing_states:,} lost acknowledged moments "
            f"(up to {found.most_lost}), {found.corrupt} corrupt, {found.unasked} with what nobody sent"
        )
        for line in found.findings:
            print(f"        {line}")


def _write(asked: argparse.Namespace, totals: dict[str, Found], seconds: float) -> None:
    told = {**origin(), "seed": asked.seed, "seconds": round(seconds, 1), "journals": {
        journal: vars(found) for journal, found in totals.items()}}  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "power.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print("written to results/power.json")


if __name__ == "__main__":
    sys.exit(main())
