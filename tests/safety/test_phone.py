"""A browser that ends right after "Saved on this phone" loses nothing; and the harness sees a fault that does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOUND, SOUND, WRONG_USE = 1, 0, 2


def soak(*options: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the browser's driver and a test's own loop do not share one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "soak.phone", "--no-results", "--port", port, *options]
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("ATTUNEMENT_", "DJANGO_"))}
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)


@pytest.fixture(autouse=True)
def browser_here() -> None:
    from soak.phone.browser import chromium

    if chromium() is None:
        line = "no Chromium or Chrome on this machine: install one, or set CHROMIUM to where it is"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(line)


def test_nothing_that_was_called_saved_is_lost() -> None:
    ran = soak("--rounds", "3")
    assert ran.returncode == SOUND, ran.stdout + ran.stderr[-2_000:]
    assert ": 0 lost" in ran.stdout


# A phone that forgets what it called saved may ask nothing more, and the round then waits in vain: seldom, and not on CI.
@pytest.mark.parametrize("fault", [pytest.param("early", marks=pytest.mark.slow), "relaxed"])
def test_a_planted_fault_is_found(fault: str) -> None:
    ran = soak("--rounds", "3", "--seed", "65", "--plant", fault)
    assert ran.returncode == FOUND, ran.stdout + ran.stderr[-2_000:]
    assert "called saved" in ran.stdout  # it ran to its end


def test_wrong_use_is_told_so() -> None:
    assert soak("--rounds", "0").returncode == WRONG_USE
