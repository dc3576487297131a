"""Runs the trials for both journals, prints what they gave, and ends with 1 if anything was not as it is meant to be."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from soak import disk
from soak.disk.faults import Faults
from soak.disk.trials import PLANTS, Found

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
JOURNALS = ("wal", "delete")
KINDS = (*Faults.KINDS, "locked", "disk")
ROOM = "24m"  # the size of a disk that can be filled
PROVES_NOTHING = 3


def main(argv: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(argv)
    began = time.perf_counter()
    results: dict[str, Found] = {}
    for journal in asked.journals:
        for kind, found in run(journal, asked.kinds, plant=asked.plant, rounds=asked.rounds, steps=asked.steps).items():
            results[f"{journal} {kind}"] = found
            _tell(f"{journal} {kind}", found)
    if not asked.no_results and not asked.plant:
        _write(asked, results, time.perf_counter() - began)
    if not any(found.broke for found in results.values()):
        print("this run proves nothing: no fault was met")
        return PROVES_NOTHING
    return int(any(found.troubles for found in results.values()))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/soak disk", description=disk.__doc__)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--journals", nargs="*", choices=JOURNALS, default=JOURNALS, metavar="JOURNAL")
    parser.add_argument(
        "--steps", nargs="*", default=(), metavar="STEP", help="note, words, api-push ... (default all)"
    )
    parser.add_argument("--rounds", type=int, default=10, help="each with a household of its own (default 10)")
    parser.add_argument("--plant", choices=PLANTS, default="", help="a fault of ours that has to be found")
    parser.add_argument("--no-results", action="store_true", help="leave results/ as it is")
    return parser


def run(
    journal: str, kinds: Sequence[str], *, plant: str = "", rounds: int = 1, steps: Sequence[str] = ()
) -> dict[str, Found]:
    """So many households; a kind that needs a disk of its own has no trials where none can be made."""
    found = {kind: Found() for kind in kinds}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder, _small_disk(Path(folder), "disk" in kinds) as is_small:
            possible = [kind for kind in kinds if kind != "disk" or is_small]
            for kind, more in _subject(Path(folder), journal, possible, plant, steps):
                found[kind].add(more)
    return found


def _subject(
    data: Path, journal: str, kinds: Sequence[str], plant: str, steps: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    command = [sys.executable, "-m", "soak.disk.subject", "--data", str(data), "--journal", journal, "--plant", plant]
    wanted = [*command, "--kinds", *kinds, "--steps", *steps]
    ran = subprocess.run(wanted, cwd=ROOT, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    yield from (item for line in told for item in line.items())
    if len(told) < len(kinds):
        yield kinds[len(told)], {"trials": 1, "troubles": [f"the site itself broke: {ran.stderr[-2000:]}"]}


@contextmanager
def _small_disk(folder: Path, wanted: bool) -> Iterator[bool]:
    """A file system of its own on this folder, where one is wanted and we may make one. Whether it is."""
    if not wanted:
        yield False
        return
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=700", "tmpfs", str(folder)]
    try:
        made = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        made = False
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", str(folder)], check=True)


def _tell(name: str, found: Found) -> None:
    if not found.trials:
        print(f"{name:<16} no trials: this needs a file system of its own, and the right to mount one")
        return
    print(
        f"{name:<16} {found.trials} trials, {found.broke} met the fault: {found.said_saved} said to be saved, "
        f"{found.said_not_saved} not ({found.kept_all_the_same} of these kept all the same), "
        f"{len(found.troubles)} troubles",
        flush=True,
    )
    for trouble in found.troubles[:8]:
        print(f"  {trouble}")


def _write(asked: argparse.Namespace, results: dict[str, Found], seconds: float) -> None:
    RESULTS.mkdir(exist_ok=True)
    told = {
        "harness": "disk",
        "at": time.strftime("%FT%TZ", time.gmtime()),
        "machine": {"python": platform.python_version(), "cpus": os.cpu_count(), "system": platform.platform()},
        "rounds": asked.rounds,
        "seconds": round(seconds, 1),
        "found": {name: vars(found) for name, found in results.items()},
    }
    path = RESULTS / f"disk-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.json"
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
