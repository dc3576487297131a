"""The short form of script/soak disk: a broken disk never makes a page say that something is saved."""

from __future__ import annotations

import pytest
from soak.disk.__main__ import main, run
from soak.disk.trials import Found

pytestmark = pytest.mark.own_database

STEPS = ("note", "words", "api-push")


@pytest.fixture(scope="module")
def found() -> dict[str, Found]:
    return run("wal", ["full", "sync", "locked", "disk"], steps=STEPS)


@pytest.mark.parametrize("kind", ["full", "sync", "locked", "disk"])
def test_nothing_is_said_to_be_saved_that_is_not(found: dict[str, Found], kind: str) -> None:
    tried = found[kind]
    if kind == "disk" and not tried.trials:
        pytest.skip("this needs a file system of its own, and the right to mount one")
    assert tried.troubles == []
    assert tried.broke >= len(STEPS)  # each step met the fault
    assert tried.said_not_saved >= len(STEPS)


def test_so_it_is_with_the_older_journal() -> None:
    tried = run("delete", ["sync"], steps=("note",))["sync"]
    assert tried.troubles == []
    assert tried.broke > 1


@pytest.mark.parametrize("plant", ["early", "deaf"])
def test_an_answer_before_the_commit_is_found(plant: str) -> None:
    tried = run("wal", ["full"], plant=plant, steps=("note",))["full"]
    assert any("said to be saved (302), and is not" in trouble for trouble in tried.troubles)


def test_a_run_that_met_no_fault_proves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--journals", "wal", "--kinds", "full", "--steps", "none-such", "--rounds", "1", "--no-results"]) == 3
    assert "proves nothing" in capsys.readouterr().out
