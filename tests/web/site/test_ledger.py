"""attunement ledger, as its user meets it: whole, or where it breaks."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.web.site.test_summaries import COMMAND as SUMMARIES

from attunement_web.site.ledger import main

pytestmark = pytest.mark.own_database

COMMAND = SUMMARIES.replace("summaries", "ledger")
MADE = """
import django; django.setup()
from attunement_web.actor import unscoped; acts = unscoped("a test"); acts.__enter__()
from pathlib import Path
from django.core.management import call_command
from attunement_web.accounts.actions import person_of_household
from attunement_web.ledger.actions import write_checkpoint
call_command("migrate", interactive=False, verbosity=0)
person_of_household()
write_checkpoint(Path(__import__("sys").argv[1]) / "ledger-checkpoint")
"""


@pytest.fixture(scope="module")
def household(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("household")
    subprocess.run([sys.executable, "-c", MADE, str(folder)], env=environment(folder), check=True, capture_output=True)
    return folder


def environment(folder: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "DATABASE_"))}
    return {**ours, "ATTUNEMENT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "attunement_web.site.settings"}


def check(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", COMMAND, "--data", str(folder), *more]
    return subprocess.run(command, env=environment(folder), capture_output=True, text=True)


def test_a_ledger_that_nobody_touched_is_whole_and_one_that_was_changed_is_not(household: Path) -> None:
    (household / "ledger-checkpoint").unlink()
    assert check(household, "--mark").returncode == 0 and (household / "ledger-checkpoint").exists()
    whole = check(household)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "All is as it was written" in whole.stdout
    with sqlite3.connect(household / "db.sqlite3") as database:
        database.execute("DROP TRIGGER ledger_no_delete")
        database.execute("DELETE FROM ledger_entry")
        database.execute("DELETE FROM ledger_chain")
    cut = check(household)
    assert cut.returncode == 1
    assert "it ends before line 1, though it once went on" in cut.stdout
    for _ in range(2):  # marking it anew forgets nothing
        marked = check(household, "--mark")
        assert (marked.returncode, "is not what the checkpoint said of it" in marked.stdout) == (1, True)
    assert check(household).stdout == cut.stdout


def test_wrong_use_gets_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    nothing = check(tmp_path)
    assert (nothing.returncode, nothing.stderr.count("\n")) == (2, 1)
