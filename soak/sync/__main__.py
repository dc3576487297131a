"""Explores seeded schedules of phones, network and server; ends with 1 if any moment was lost or doubled."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from soak.sync import plants
from soak.sync.explorer import MOST_TICKS, Found, Result
from soak.sync.running import Job, run

ROOT = Path(__file__).parents[2]
GROUP = 1_000  # universes that live at once in one process
GROUPS_OF_A_PROCESS = 8  # its database in memory then begins anew
SHOWN = 3  # findings printed in full


def main() -> int:
    asked = arguments()
    print(f"seed {asked.seed}: {asked.schedules} schedules, {asked.server}, {asked.on}", flush=True)
    begun = time.perf_counter()
    result = explored(asked, begun)
    seconds = time.perf_counter() - begun
    done = result.tally["schedules"]
    rate, cpu = done / seconds, result.tally["cpu_ms"] / 1000
    print(f"{done} schedules in {seconds:.0f} s ({rate:.0f} a second; {done / cpu:.0f} per second of one processor)")
    print(f"{len(result.found)} with findings")
    for found in result.found[:SHOWN]:
        show(found)
    if result.found and not asked.once:
        shrink(result.found[0].seed, asked)
    if asked.results:
        write(asked, result, seconds)
    return int(bool(result.found))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/soak sync", description=__doc__)
    parser.add_argument("--schedules", type=positive, default=20_000, help="how many (default 20000)")
    parser.add_argument(
        "--seed", type=int, default=None, help="of the first; the next has the next (default: by chance)"
    )
    parser.add_argument("--ticks", type=int, default=MOST_TICKS, help="cut the busy part of each short")
    parser.add_argument("--workers", type=positive, default=2, help="processes (default 2)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no more after so long")
    parser.add_argument(
        "--server", choices=["site", "model"], default="site", help="the site's code, or the plain rules"
    )
    parser.add_argument("--plant", choices=plants.ALL, default="", help="break one rule, to see that it is found")
    parser.add_argument(
        "--on", choices=["memory", "file", "postgresql"], default="memory", help="where the site keeps rows"
    )
    parser.add_argument("--once", action="store_true", help="no search for the shortest schedule that shows a finding")
    parser.add_argument("--results", type=Path, help="write what was found as JSON to this file")
    asked = parser.parse_args()
    if asked.seed is None:
        asked.seed = random.SystemRandom().randrange(10**9)
    if asked.plant in plants.SERVER and asked.server != "site":
        parser.error(f"{asked.plant} is planted into the site's code: leave out --server model")
    if asked.on == "postgresql" and not os.environ.get("DATABASE_URL"):
        parser.error("name an empty database in DATABASE_URL")
    if asked.on == "postgresql":
        asked.workers = 1  # they would meet while they make the tables
    return asked


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def explored(asked: argparse.Namespace, begun: float) -> Result:
    whole = Result()
    with get_context("spawn").Pool(asked.workers, maxtasksperchild=GROUPS_OF_A_PROCESS) as pool:
        for number, result in enumerate(pool.imap_unordered(run, jobs(asked, begun))):
            whole += result
            if number % 5 == 4:
                print(f"  {whole.tally['schedules']} schedules, {len(whole.found)} with findings", flush=True)
    return whole


def jobs(asked: argparse.Namespace, begun: float) -> Iterator[Job]:
    end = asked.seed + asked.schedules
    group = min(GROUP, -(-asked.schedules // asked.workers))
    for first in range(asked.seed, end, group):
        if time.perf_counter() - begun < asked.minutes * 60:
            seeds = range(first, min(first + group, end))
            yield Job(seeds, asked.ticks, asked.server, asked.plant, asked.on)


def show(found: Found) -> None:
    print(f"\nseed {found.seed}: what reached the server, and what is wrong")
    print(*(f"    {line}" for line in found.trace), sep="\n")
    print(*(f"  - {line}" for line in dict.fromkeys(found.what)), sep="\n", flush=True)


def shrink(seed: int, asked: argparse.Namespace) -> None:
    """The same universe with a shorter busy part, from nothing upwards, until one shows something."""
    again = [sys.executable, "-m", "soak.sync", "--once", "--workers", "1", "--schedules", "1", "--seed", str(seed)]
    again += ["--server", asked.server, "--on", asked.on] + (["--plant", asked.plant] if asked.plant else [])
    for ticks in range(MOST_TICKS + 1):
        shorter = subprocess.run([*again, "--ticks", str(ticks)], cwd=ROOT, capture_output=True, text=True, check=False)
        if shorter.returncode == 1 and "1 with findings" in shorter.stdout:
            how = " ".join([*again[3:], "--ticks", str(ticks)])
            print(f"\nthe shortest schedule of seed {seed} that shows it (script/soak sync {how}):")
            print(shorter.stdout.partition("\n\n")[2], flush=True)
            return


def write(asked: argparse.Namespace, result: Result, seconds: float) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    told: dict[str, Any] = {
        "how": "the phone's own logic in Node, the server's own push and pull, faults by seed, an oracle after quiet",
        "commit": commit.stdout.strip(),
        "processors": os.cpu_count(),
        "first_seed": asked.seed,
        "server": asked.server,
        "on": asked.on,
        "plant": asked.plant,
        "seconds": round(seconds),
        "schedules_per_cpu_second": round(result.tally["schedules"] / result.tally["cpu_ms"] * 1000),
        "tally": dict(sorted(result.tally.items())),
        "with_findings": len(result.found),
        "seeds_with_findings": [found.seed for found in result.found[:20]],
    }
    asked.results.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
