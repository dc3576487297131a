"""Who belonged to a family when parts were not yet in children keeps the same part in each child; the rest is told."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

pytestmark = pytest.mark.own_database

MIGRATE = """
import sys
import django; django.setup()
from django.core.management import call_command
call_command("migrate", *sys.argv[1:], verbosity=0)
"""
AT = "2026-01-01 00:00:00"
HOME, EMPTY, MIA, NOAH, ALICE, RUTH = (f"{number:032x}" for number in range(1, 7))
ONES, TWOS, LOST = (f"{number:032x}" for number in range(11, 14))


def migrated(folder: Path, *to: str) -> str:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("ATTUNEMENT_", "DATABASE_"))}
    environment = {**ours, "ATTUNEMENT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "attunement_web.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", MIGRATE, *to], env=environment, check=True, capture_output=True, text=True
    )
    return done.stderr


def test_a_part_in_a_family_becomes_one_in_each_child_and_one_without_a_child_is_told(tmp_path: Path) -> None:
    migrated(tmp_path, "families", "0004_closed")
    with sqlite3.connect(tmp_path / "db.sqlite3") as before:
        for family in (HOME, EMPTY):
            before.execute(
                "INSERT INTO families_family (id, name, time_zone, since, revision, history) VALUES (?, '', 'UTC', ?, 0, ?)",
                (family, AT, family),
            )
        for person in (ALICE, RUTH):
            filled(before, "accounts_user", id=person, name=person[-1])
        for child in (MIA, NOAH):
            filled(before, "families_child", id=child, family_id=HOME, name=child[-1], born="2026-01-01", shape="moon")
        for key, family, person, role in ((ONES, HOME, ALICE, "guardian"), (TWOS, HOME, RUTH, "relative"),
                                          (LOST, EMPTY, RUTH, "guardian")):  # fmt: skip
            filled(before, "families_membership", id=key, family_id=family, user_id=person, role=role)
    before.close()
    told = migrated(tmp_path)
    with sqlite3.connect(tmp_path / "db.sqlite3") as after:
        parts = after.execute("SELECT id, child_id, user_id, role, since FROM families_membership").fetchall()
    after.close()
    assert {part[1:4] for part in parts} == {
        (child, person, role) for child in (MIA, NOAH) for person, role in ((ALICE, "guardian"), (RUTH, "relative"))
    }
    assert {(key, child) for key, child, *_ in parts} > {(ONES, MIA), (TWOS, MIA)}  # the first child's keeps its id
    assert {since for *_, since in parts} == {AT}
    assert told.count("membership.without_child") == 1
    assert str(UUID(RUTH)) in told


def filled(database: sqlite3.Connection, table: str, **values: str) -> None:
    """A row with these values, and something fitting in each other column that has to have one."""
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    for _, name, kind, is_needed, default, _ in columns:
        if is_needed and default is None and name not in values:
            values[name] = AT if kind == "datetime" else "0" if kind == "bool" else ""
    database.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", [*values.values()]
    )
