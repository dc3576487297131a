"""attunement summaries, as its user meets it: how many days differ from their moments, and none after a rebuild."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from attunement_web.site.summaries import main

pytestmark = pytest.mark.own_database

COMMAND = "import sys; from attunement_web.site.summaries import main; sys.exit(main(sys.argv[1:]))"
HOUSEHOLD = """
from datetime import date
import django; django.setup()
from attunement_web.actor import unscoped; acts = unscoped("a test"); acts.__enter__()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from attunement_web.accounts.actions import person_of_household
from attunement_web.diary.actions import Tap, keep_moments
from attunement_web.diary.models import new_id
from attunement_web.families.actions import begin_family
person = person_of_household()
child = begin_family(time_zone="Europe/Madrid", child_name="Mia", born=date(2026, 1, 1), by=person)
keep_moments(child=child, taps=[Tap(id=new_id(), signal="cry"), Tap(id=new_id(), signal="coo")], by=person)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A household of one child with two moments on one day."""
    folder = tmp_path_factory.mktemp("home")
    subprocess.run([sys.executable, "-c", HOUSEHOLD], env=environment(ATTUNEMENT_DATA=str(folder)), check=True)
    return folder


def environment(**more: str) -> dict[str, str]:
    known = {key: value for key, value in os.environ.items() if not key.startswith(("ATTUNEMENT_", "DATABASE_"))}
    return {**known, "DJANGO_SETTINGS_MODULE": "attunement_web.site.settings", **more}


def asked(*given: object) -> tuple[int, str, str]:
    command = [sys.executable, "-c", COMMAND, *map(str, given)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_difference_is_counted_and_a_rebuild_mends_it(home: Path) -> None:
    assert asked("--data", home) == (0, "Days: 1. Moments: 2. Days that differ from their moments: 0.\n", "")
    with sqlite3.connect(home / "db.sqlite3") as planted:
        planted.execute("UPDATE diary_moment SET outcome = 'explored' WHERE signal = 'coo'")
    planted.close()
    told = "Days: 1. Moments: 2. Days that differ from their moments: 1. --rebuild sets them right.\n"
    assert asked("--data", home) == (1, told, "")
    assert asked("--data", home, "--rebuild")[:2] == (
        0, "Days: 1. Moments: 2. Days that differed from their moments and were built anew: 1.\n"
    )  # fmt: skip
    assert asked("--data", home)[0] == 0


def test_where_no_household_lives_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for data in (tmp_path, tmp_path / "none"):
        assert main(["--data", str(data)]) == 2
        told = capsys.readouterr()
        assert (told.out, told.err.count("\n")) == ("", 1)
        assert "no household lives here; name its folder with --data" in told.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [("This is a letter. " * 100, "file is not a database"), ("", "this household is from an older Attunement")],
)
def test_what_cannot_be_looked_at_is_one_line(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "db.sqlite3").write_text(content)
    code, out, err = asked("--data", tmp_path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert told in err


def test_a_word_it_does_not_know_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--rebild"])
    assert refused.value.code == 2
    assert "--rebild" in capsys.readouterr().err
