"""Runs the rounds in as many lanes as wanted, prints what they gave, and ends with 1 if anything was lost."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from soak import crash
from soak.crash.prepare import prepared
from soak.crash.rounds import WAYS, Found, Lane
from soak.crash.server import ROOT, ProvesNothing, Server
from soak.crash.storage import Postgres, Sqlite, Storage, with_fault

RESULTS = ROOT / "results"
PLANTS = {
    "sqlite": ("early", "doubles", "damage", "no-kill", "stranger"),
    "postgresql": ("asynchronous", "no-kill", "stranger"),
}
PORTS = 8180  # and the ones after it
LIVES_OF_ONE_FOLDER = 100  # then a fresh household: comparing stays quick
JOURNALS = ("", "delete")  # lanes take turns: the journal that ships, and the one for an SQLite with the old fault
PROVES_NOTHING = 3


def main(argv: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(argv)
    if asked.plant and asked.plant not in PLANTS[asked.database]:
        print(f"with {asked.database} the faults are {', '.join(PLANTS[asked.database])}", file=sys.stderr)
        return 2
    print(f"seed {asked.seed}", flush=True)
    began = time.perf_counter()
    try:
        lanes = _lanes(asked)
    except ProvesNothing as trouble:
        print(f"this run proves nothing: {trouble}")
        return PROVES_NOTHING
    total = _added(lanes)
    seconds = time.perf_counter() - began
    _tell(total, seconds)
    if not asked.no_results and not asked.plant:
        _write(asked, total, lanes, seconds)
    return int(total.unsound > 0)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/soak crash", description=crash.__doc__)
    parser.add_argument("--database", choices=list(PLANTS), default="sqlite")
    parser.add_argument("--rounds", type=int, help="lives of the server (default: 1,000 on SQLite, 500 on PostgreSQL)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="the same choices again")
    parser.add_argument("--lanes", type=int, help="households side by side (default: 2 on SQLite, 1 on PostgreSQL)")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS), help="how the phones note")
    parser.add_argument("--port", type=int, default=PORTS, help=f"the first lane's port (default {PORTS})")
    parser.add_argument("--plant", default="", help="a fault that has to be found: " + ", ".join(PLANTS["sqlite"]) + "; "
                        + "on PostgreSQL " + ", ".join(PLANTS["postgresql"]))  # fmt: skip
    parser.add_argument("--no-results", action="store_true", help="leave results/ as it is")
    return parser


def _lanes(asked: argparse.Namespace) -> list[tuple[str, Found]]:
    count = asked.lanes or (2 if asked.database == "sqlite" else 1)
    rounds = asked.rounds or (1_000 if asked.database == "sqlite" else 500)
    shares = [rounds // count + (number < rounds % count) for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="attunement-crash-") as folder, ThreadPoolExecutor(count) as pool:
        running = [pool.submit(_lane, asked, number, share, Path(folder)) for number, share in enumerate(shares)]
        return [each for one in running for each in one.result()]


def _lane(asked: argparse.Namespace, number: int, rounds: int, folder: Path) -> list[tuple[str, Found]]:
    """As many households, one after the other, as the rounds fill."""
    results, chance = [], random.Random(f"{asked.seed}/{number}")
    for first in range(0, rounds, LIVES_OF_ONE_FOLDER):
        data = folder / f"lane-{number}"
        with _storage(asked, number, data) as storage:
            household = prepared(data, storage.more)
            if asked.plant == "doubles" and isinstance(storage, Sqlite):
                storage.plant_doubles()
            server = Server(data, asked.port + number, storage.more)
            lane = Lane(storage, server, household, chance, tuple(asked.ways), asked.plant)
            results.append((storage.about(), lane.run(min(LIVES_OF_ONE_FOLDER, rounds - first))))
        shutil.rmtree(data)
    return results


@contextmanager
def _storage(asked: argparse.Namespace, number: int, data: Path) -> Iterator[Storage]:
    if asked.database == "sqlite":
        fault = asked.plant if asked.plant == "early" else ""
        yield Sqlite(data, with_fault(fault, journal=JOURNALS[number % len(JOURNALS)]))
        return
    from tests.postgres import cluster

    with cluster() as postgres:
        url = postgres.new_database()
        fault = with_fault(asked.plant if asked.plant == "asynchronous" else "")
        yield Postgres(postgres, url, {"DATABASE_URL": url, **fault})


def _added(lanes: list[tuple[str, Found]]) -> Found:
    total = Found()
    for _, found in lanes:
        for name, value in vars(found).items():
            setattr(total, name, getattr(total, name) + value)
    return total


def _tell(found: Found, seconds: float) -> None:
    kills = ", ".join(f"{kind} {times}" for kind, times in sorted(found.kills.items()))
    print(f"{found.rounds} rounds in {seconds:.0f} s ({kills}; {found.interrupted_starts} starts cut short)")
    print(f"{found.acknowledged:,} acknowledged, {found.sent_again} requests sent again: {found.lost} lost, "
          f"{found.doubled} doubled, {found.changed} changed, {found.damaged} signs of damage")  # fmt: skip


def _write(asked: argparse.Namespace, total: Found, lanes: list[tuple[str, Found]], seconds: float) -> None:
    told = {
        **origin(), "databases": sorted({about for about, _ in lanes}), "seed": asked.seed, "ways": asked.ways,
        "seconds": round(seconds, 1), **vars(total),
    }  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    name = f"crash-{asked.database}.json"
    (RESULTS / name).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"written to results/{name}")


def origin() -> dict[str, str]:
    """Of which code and on what machine."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout
    cpus = f"{os.cpu_count()} CPUs"
    return {"commit": commit.strip(), "machine": f"{platform.machine()}, {cpus}, Python {platform.python_version()}"}


if __name__ == "__main__":
    sys.exit(main())
