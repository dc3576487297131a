"""Made-up and damaged files by the thousand through every reader; and that the harness sees what it is there to see."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from soak.readers.__main__ import SLOW
from soak.readers.trials import FORMATS, TOKEN
from tests.safety.dice import Dice
from tests.safety.grammars import made
from tests.safety.samples import session

from attunement import formats
from attunement.errors import WrongUse

ROOT = Path(__file__).parents[2]
TRIALS = int(os.environ.get("ATTUNEMENT_TRIALS", "20000"))  # of each format
SLOW_TRIALS = int(
    os.environ.get("ATTUNEMENT_SLOW_TRIALS", "4000")
)  # of those that Polars reads; 20,000 take two minutes more
SEED = 20_261_122  # the same files in every run; script/soak readers draws new ones


def soaked(*given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "soak.readers", "--no-results", *given]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=900)


def test_nothing_but_a_sound_reading_or_one_line() -> None:
    done = soaked("--count", str(TRIALS), "--slow-count", str(min(TRIALS, SLOW_TRIALS)), "--seed", str(SEED))
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(f" {TRIALS:,} ") >= len(FORMATS) - len(SLOW)


@pytest.mark.parametrize("plant", ["raise", "loop", "wrong"])
def test_a_planted_fault_is_found_and_can_be_replayed(plant: str) -> None:
    done = soaked("--count", "400", "--seed", "3", "--plant", plant, "--only", "table", "--workers", "1")
    assert done.returncode == 1, done.stdout
    lines = [line for line in done.stdout.splitlines() if "--index" in line]
    index = int(lines[0].split("--index ")[1].split(":")[0])
    again = soaked("--seed", "3", "--plant", plant, "--only", "table", "--index", str(index))
    assert again.returncode == 1 and f"--index {index}" in again.stdout


def test_every_text_format_meets_the_word_that_plants_wait_for() -> None:
    for name in set(FORMATS) - {"parquet"}:
        assert any(TOKEN in made(name, Dice(f"3:{name}:{index}"))[0] for index in range(2_000)), name


def test_the_same_seed_makes_the_same_files() -> None:
    for name in FORMATS:
        assert made(name, Dice(f"1:{name}:5")) == made(name, Dice(f"1:{name}:5"))


@pytest.mark.parametrize("deed", ["write_bytes", "replace"])
@pytest.mark.parametrize("there", [False, True])
def test_a_file_is_written_whole_or_not_at_all(
    deed: str, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "visit.csv"
    if there:
        target.write_bytes(b"what was there")

    def full(path: Path, *given: object) -> None:
        if deed == "write_bytes":
            with path.open("wb") as half:
                half.write(b"ha")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, deed, full)
    with pytest.raises(WrongUse, match="no space left"):
        formats.write(session(), target, replace=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == (
        {"visit.csv": b"what was there"} if there else {}
    )
