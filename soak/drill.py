"""Backup, wipe, restore: a household of so many moments is gone and comes back row by row, and how long that takes."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from attunement_web.site.keeping import counting

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results"
COMMAND = [sys.executable, "-c", "import sys; from attunement.cli import main; sys.exit(main())"]
PLANTS = ("loses", "alters")
PORT = 8179
MADE = """
import django; django.setup()
import random, sys, uuid
from attunement_web.actor import unscoped
acts = unscoped("a harness"); acts.__enter__()
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from attunement_web.accounts.actions import person_of_household
from attunement_web.diary.actions import Tap, keep_moments, when
from attunement_web.families.actions import begin_family
call_command("migrate", interactive=False, verbosity=0)
person, drawn, now, wanted = person_of_household(), random.Random(1), timezone.now(), int(sys.argv[1])
child = begin_family(time_zone="UTC", child_name="Mia", born=now.date() - timedelta(days=900), by=person)
def tap(n):
    at = when("now", noted_at=now - timedelta(minutes=drawn.randrange(1_200_000)), zone=child.zone)
    words = f"moment {n}: she laughed and we laughed too" if n % 4 == 0 else ""
    return Tap(id=uuid.uuid4(), signal="cry", acts=("rock",), outcome="settled-with-you", words=words, when=at)
for first in range(0, wanted, 2000):
    keep_moments(child=child, taps=[tap(n) for n in range(first, min(first + 2000, wanted))], by=person)
"""


def main(argv: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        told = drill(Path(folder), asked.moments, asked.plant)
    for name, value in told.items():
        print(f"{name:<24} {value}")
    if not asked.no_results and not asked.plant:
        _write(told)
    return int(bool(told["unlike"]) or not told["starts"])


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/soak drill", description=__doc__)
    parser.add_argument("--moments", type=int, default=100_000, help="how many the household holds (default 100,000)")
    parser.add_argument("--plant", choices=PLANTS, default="", help="a fault that has to be found")
    parser.add_argument("--no-results", action="store_true", help="leave results/ as it is")
    return parser


def drill(folder: Path, moments: int, plant: str = "") -> dict[str, object]:
    """What was there, what came back, and the seconds."""
    home, stick, again = folder / "home", folder / "stick", folder / "again"
    home.mkdir(mode=0o700)
    _run([sys.executable, "-c", MADE, str(moments)], home)
    before, size = _tables(home), (home / "db.sqlite3").stat().st_size
    kept = _timed([*COMMAND, "backup", "--data", str(home), "--to", str(stick)], home)
    shutil.copy(home / "backup-key", folder / "backup-key")  # the copy elsewhere
    shutil.rmtree(home)
    backup = next(stick.iterdir())
    key = str(folder / "backup-key")
    back = _timed([*COMMAND, "restore", str(backup), "--data", str(again), "--key", key], again)
    _spoil(again, plant)
    return {
        "moments": moments,
        "bytes of the database": size,
        "bytes of the backup": backup.stat().st_size,
        "seconds to keep": kept,
        "seconds to come back": back,
        "rows": sum(table["rows"] for table in before.values()),
        "unlike": counting.unlike(before, _tables(again)),
        "starts": _starts(again),
    }


def _environment(data: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("ATTUNEMENT_", "DATABASE_URL"))}
    return ours | {"ATTUNEMENT_DATA": str(data), "DJANGO_SETTINGS_MODULE": "attunement_web.site.settings"}


def _run(command: list[str], data: Path) -> None:
    subprocess.run(command, env=_environment(data), check=True, stdout=subprocess.DEVNULL)


def _timed(command: list[str], data: Path) -> float:
    began = time.perf_counter()
    _run(command, data)
    return round(time.perf_counter() - began, 1)


def _tables(data: Path) -> counting.Tables:
    with closing(sqlite3.connect(data / "db.sqlite3")) as opened:
        return counting.of_sqlite(opened)


def _spoil(data: Path, plant: str) -> None:
    """A restore that came back a little different."""
    statement = {
        "loses": "DELETE FROM diary_moment WHERE id = (SELECT max(id) FROM diary_moment)",
        "alters": "UPDATE diary_moment SET happened_at = noted_at WHERE id = (SELECT max(id) FROM diary_moment)",
    }.get(plant)
    if statement:
        with closing(sqlite3.connect(data / "db.sqlite3")) as opened:
            opened.execute(statement)
            opened.commit()


def _starts(data: Path) -> bool:
    """The site opens its door with what came back."""
    command = [*COMMAND, "serve", "--data", str(data), "--port", str(PORT)]
    with subprocess.Popen(command, env=_environment(data), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        ready = server.stdout.readline().startswith("Attunement is ready:")
        server.terminate()
    return ready and server.returncode == 0


def _write(told: dict[str, object]) -> None:
    RESULTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "system": platform.platform()}
    path = RESULTS / f"drill-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.json"
    path.write_text(json.dumps({"harness": "drill", "machine": machine, **told}, indent=1) + "\n", encoding="utf-8")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
