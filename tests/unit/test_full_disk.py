"""A disk that is full: one clear line, and what stood there before still stands there, whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.corpus.making import VISIT, as_table, some_events

FULL = """
import resource, signal, sys
from attunement.cli import main

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))  # a write past it fails as on a full disk
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


def on_a_full_disk(where: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    (where / "full.py").write_text(FULL, encoding="utf-8")
    given = [sys.executable, "full.py", *argv]
    return subprocess.run(given, cwd=where, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("argv", [["report", "visit.csv", "--force"], ["convert", "visit.csv", "--force"]])
def test_what_was_there_stays_whole(tmp_path: Path, argv: list[str]) -> None:
    (tmp_path / "visit.csv").write_text(VISIT * 20, encoding="utf-8")
    name, option = ("old.html", "--out") if argv[0] == "report" else ("old.eaf", "--to")
    (tmp_path / name).write_text("mine", encoding="utf-8")
    run = on_a_full_disk(tmp_path, *argv, option, name)
    assert run.returncode == 2 and run.stderr.splitlines()[-1].startswith(f"attunement: {name}: it cannot be written (")
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full.py", name, "visit.csv"]


def test_a_corpus_says_it_in_one_line(tmp_path: Path) -> None:
    as_table(some_events(6)).write_parquet(tmp_path / "t.parquet")
    given = ["t.parquet", "--by", "child,visit", "--out", "r.parquet", "--workers", "1"]
    run = on_a_full_disk(tmp_path, "corpus", "measure", *given)
    assert run.returncode == 2 and run.stderr.count("\n") == 1
    assert "it cannot be written (" in run.stderr and "check the disk" in run.stderr
    assert not (tmp_path / "r.parquet").exists()
