"""Killed with -9 while phones note: nothing acknowledged is lost or doubled. The long form is `script/soak crash`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from soak.crash.__main__ import PLANTS, PROVES_NOTHING
from tests.postgres import NoPostgres, program

ROOT = Path(__file__).parents[2]
SEED = "20261122"
ROUNDS = {"sqlite": 50, "postgresql": 10}
PORTS = {"sqlite": 8180, "postgresql": 8182}
NOT_PROVEN = ("no-kill", "stranger")  # what was counted then says nothing, and the harness says so
PLANTED = [(database, plant) for database, plants in PLANTS.items() for plant in plants]
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are watched through /proc")

Done = subprocess.CompletedProcess[str]


def crashed(database: str, *given: str) -> Done:
    command = [sys.executable, "-m", "soak.crash", "--no-results", "--database", database, "--seed", SEED, *given]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)


def there(database: str) -> None:
    """PostgreSQL's tests need its programs; on CI they have to be there."""
    if database == "sqlite":
        return
    try:
        program("postgres")
    except NoPostgres as missing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(missing))


@pytest.mark.parametrize("database", ROUNDS)
def test_what_was_acknowledged_survives_every_kill(database: str) -> None:
    there(database)
    done = crashed(database, "--rounds", str(ROUNDS[database]), "--port", str(PORTS[database]))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{ROUNDS[database]} rounds in" in done.stdout
    assert " 0 lost, 0 doubled, 0 changed, 0 signs of damage" in done.stdout


@pytest.fixture(scope="module")
def planted() -> Iterator[dict[tuple[str, str], Future[Done]]]:
    """Every planted fault in a short run of its own, two at a time: most of it is waiting for servers to start."""
    with ThreadPoolExecutor(2) as pool:
        yield {
            (database, plant): pool.submit(
                crashed, database, "--rounds", "3", "--lanes", "1", "--ways", "page", "--plant", plant,
                "--port", str(8182 + number),
            )
            for number, (database, plant) in enumerate(PLANTED)
        }  # fmt: skip


@pytest.mark.parametrize(("database", "plant"), PLANTED)
def test_a_planted_fault_is_found(planted: dict[tuple[str, str], Future[Done]], database: str, plant: str) -> None:
    there(database)
    done = planted[database, plant].result()
    assert done.returncode == (PROVES_NOTHING if plant in NOT_PROVEN else 1), done.stdout + done.stderr


def test_an_unknown_fault_is_named() -> None:
    done = crashed("postgresql", "--plant", "early")
    assert done.returncode == 2
    assert "asynchronous" in done.stderr
