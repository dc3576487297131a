"""Seeded schedules of phones, network and server: the short form of `script/soak sync`, and the faults it has to find."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from soak.sync import plants

ROOT = Path(__file__).parents[2]
SCHEDULES = int(os.environ.get("ATTUNEMENT_SCHEDULES", "20000"))
SEED = 3_000_000
WITH_A_PLANT = 200  # the rarest fault shows in one of 70


def explored(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "soak.sync", "--once", *arguments]
    surroundings = {
        name: value for name, value in os.environ.items() if not name.startswith(("ATTUNEMENT_", "DATABASE_"))
    }
    return subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)


def test_nothing_is_lost_doubled_brought_back_or_unlike() -> None:
    ran = explored("--schedules", str(SCHEDULES), "--seed", str(SEED))
    print(ran.stdout.splitlines()[-2:])
    assert ran.returncode == 0, ran.stdout[-6_000:] + ran.stderr[-3_000:]
    assert f"{SCHEDULES} schedules in" in ran.stdout
    assert "\n0 with findings" in ran.stdout


def test_the_same_holds_on_a_file() -> None:
    ran = explored("--schedules", "300", "--seed", str(SEED), "--on", "file", "--workers", "1")
    assert ran.returncode == 0, ran.stdout[-6_000:] + ran.stderr[-3_000:]


@pytest.mark.parametrize("plant", plants.ALL)
def test_a_planted_fault_is_found(plant: str) -> None:
    ran = explored("--schedules", str(WITH_A_PLANT), "--seed", "1", "--workers", "1", "--plant", plant)
    assert ran.returncode == 1, ran.stdout[-2_000:] + ran.stderr[-3_000:]
    found = re.search(r"^(\d+) with findings", ran.stdout, re.MULTILINE)
    assert found and int(found[1]) > 0


def test_a_seed_says_the_same_each_time() -> None:
    runs = [
        explored("--schedules", "20", "--seed", "65", "--workers", "1", "--plant", "cursor").stdout for _ in range(2)
    ]
    told = [[line for line in run.splitlines() if line.startswith(("seed", "  "))] for run in runs]
    assert told[0] == told[1]
    assert len(told[0]) > 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plant", "nothing"], "invalid choice"),
        (["--plant", "dedup", "--server", "model"], "leave out --server model"),
        (["--on", "postgresql"], "DATABASE_URL"),
        (["--schedules", "0"], "at least 1"),
    ],
)
def test_wrong_input_is_named(arguments: list[str], words: str) -> None:
    ran = explored(*arguments)
    assert ran.returncode == 2
    assert words in ran.stderr
