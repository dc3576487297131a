"""Schemathesis over the document of the API, in short; `script/soak api` is the long form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def soaked(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "soak.api", "--no-results", "--seed", "7", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)


def test_every_route_answers_as_its_document_says_whoever_calls() -> None:
    ran = soaked("--examples", "5")
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2_000:]
    assert [line.split(":")[0] for line in ran.stdout.splitlines()] == ["write", "read", "nobody"]


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "seen"), [("shape", "Response violates schema"), ("crash", "Server error")])
def test_a_planted_fault_is_found(fault: str, seen: str) -> None:
    ran = soaked("--examples", "3", "--callers", "write", "--plant", fault)
    assert ran.returncode == 1
    assert seen in ran.stdout
