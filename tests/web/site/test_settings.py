"""Settings are loud on wrong values, and what they promise is what the database does."""

from __future__ import annotations

import importlib
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from attunement_web.site import environment, native

OURS = [config for config in apps.get_app_configs() if config.name.startswith("attunement_web.")]


@pytest.mark.parametrize("model", [model for config in OURS for model in config.get_models()], ids=lambda m: m.__name__)
def test_every_model_says_which_of_its_fields_are_personal(model: type) -> None:
    names = {field.name for field in model._meta.get_fields()}  # type: ignore[attr-defined]  # any model
    assert set(vars(model)["PERSONAL"]) <= names
    key = model._meta.pk  # type: ignore[attr-defined]  # any model
    parts = getattr(key, "fields", [key])  # a row of a child's day, or of a phone's number, needs no id of its own
    assert "UUIDField" in {getattr(part, "target_field", part).get_internal_type() for part in parts}


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    ("name", "value", "asked"),
    [
        ("SWITCH", "maybe", environment.switch),
        ("HOSTS", "*", lambda name: environment.several(name, "localhost")),
        ("FOLDER", "/nowhere/at/all", environment.folder),
        ("ZONE", "Mars/Olympus", environment.time_zone),
    ],
)
def test_a_wrong_value_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, asked: Callable[[str], object]
) -> None:
    monkeypatch.setenv(f"ATTUNEMENT_{name}", value)
    with pytest.raises(ImproperlyConfigured, match=f"ATTUNEMENT_{name}"):
        asked(name)


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTUNEMENT_SECRET_KEY", raising=False)
    made = environment.secret_key(tmp_path)
    path = tmp_path / "secret-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert environment.secret_key(tmp_path) == made
    path.chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        environment.secret_key(tmp_path)
    path.chmod(0o600)
    path.write_text("short")
    with pytest.raises(ImproperlyConfigured, match="too short"):
        environment.secret_key(tmp_path)


def test_without_a_folder_nothing_is_written_and_the_key_is_for_this_process() -> None:
    assert environment.folder("DATA") is None
    assert environment.secret_key(None) != environment.secret_key(None)


def test_which_sqlite_may_use_a_write_ahead_log() -> None:
    assert [native.is_repaired(version) for version in [(3, 51, 3), (3, 53, 0), (3, 50, 7), (3, 44, 6)]] == [True] * 4
    assert [native.is_repaired(version) for version in [(3, 51, 2), (3, 40, 1), (3, 50, 6), (3, 45, 9)]] == [False] * 4


OLD, NEW = (3, 51, 2), (3, 51, 3)


@pytest.mark.parametrize(
    ("sqlite", "expat", "said"),
    [
        (NEW, (2, 6, 0), {}),
        (OLD, (2, 7, 1), {"native.sqlite-old": {"has": "v3.51.2", "repaired": "v3.51.3", "journal": "rollback"}}),
        (None, (2, 5, 0), {"native.expat-old": {"has": "v2.5.0", "repaired": "v2.6.0", "reads": "lena"}}),
    ],
)
def test_the_log_names_each_library_that_is_too_old_and_what_we_do_about_it(
    sqlite: tuple[int, ...] | None, expat: tuple[int, ...], said: dict[str, object]
) -> None:
    assert native.weak_spots(sqlite=sqlite, expat=expat) == said


@pytest.mark.parametrize(("version", "journal"), [(OLD, "DELETE"), (NEW, "WAL")])
def test_an_affected_sqlite_gets_the_safe_journal_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], journal: str
) -> None:
    told: list[str] = []
    monkeypatch.setattr(importlib.import_module("sqlite3"), "sqlite_version_info", version)
    monkeypatch.setattr(native.logs, "tell", lambda event, **facts: told.append(event))
    native.tell_weak_spots("sqlite")
    assert f"journal_mode={journal};" in native.journal()
    assert ("native.sqlite-old" in told) is (version == OLD)


def run(code: str, data: Path, **more: str) -> str:
    """What a fresh process with this household's folder prints."""
    named = {"ATTUNEMENT_DATA": str(data), "DJANGO_SETTINGS_MODULE": "attunement_web.site.settings", **more}
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("DJANGO_")
        and name != "DATABASE_URL"  # the browser tests set one, those on PostgreSQL too
    }
    ran = subprocess.run([sys.executable, "-c", code], env={**ours, **named}, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_commit_is_on_the_disk_when_it_is_told(tmp_path: Path) -> None:
    code = """import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("journal_mode", "synchronous", "trusted_schema", "secure_delete", "mmap_size", "foreign_keys"):
        cursor.execute(f"PRAGMA {name}"); print(cursor.fetchone()[0], end=" ")
"""
    expected = {"wal 2 0 1 0 1", "delete 3 0 1 0 1"}  # FULL with a write-ahead log; EXTRA where SQLite is not repaired
    assert run(code, tmp_path).strip() in expected


@pytest.mark.parametrize("how", ["1", "own"])
def test_over_https_djangos_own_deployment_checks_have_nothing_to_say(tmp_path: Path, how: str) -> None:
    code = """import django; django.setup()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")"""
    run(code, tmp_path, ATTUNEMENT_HTTPS=how, ATTUNEMENT_ALLOWED_HOSTS="diary.example.org")


@pytest.mark.parametrize(("how", "believes"), [("1", True), ("own", False)])
def test_who_speaks_https_for_us_is_believed_and_nobody_else(tmp_path: Path, how: str, believes: bool) -> None:
    code = """from django.conf import settings as ours
print(ours.BEHIND_PROXY, bool(ours.SECURE_PROXY_SSL_HEADER), ours.SESSION_COOKIE_SECURE, ours.SECURE_SSL_REDIRECT)"""
    assert run(code, tmp_path, ATTUNEMENT_HTTPS=how).split() == [str(believes), str(believes), "True", "True"]


def test_imports_inside_modules_are_rewritten_to_hashed_names(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.js").write_text('import { b } from "./b.js";\nb();\n')
    (tmp_path / "app" / "b.js").write_text("export const b = () => 1;\n")
    code = """import django, os; django.setup()
from django.conf import settings
settings.STATICFILES_DIRS = [os.environ["FILES"]]
from attunement_web.site.storage import collect_when_changed
collect_when_changed()
from django.contrib.staticfiles.storage import staticfiles_storage as kept
print(open(kept.path(kept.stored_name("a.js"))).read(), kept.stored_name("b.js"))
"""
    data = tmp_path / "data"
    data.mkdir()
    told = run(code, data, FILES=str(tmp_path / "app"))
    hashed = told.split()[-1]
    assert hashed != "b.js"
    assert f'"./{hashed}"' in told


def test_static_files_are_collected_again_only_when_one_changed(tmp_path: Path) -> None:
    code = """import django; django.setup()
import attunement_web.site.storage as storage
calls = []
collect = storage.call_command
storage.call_command = lambda *a, **k: (calls.append(a), collect(*a, **k))
storage.collect_when_changed(); storage.collect_when_changed()
storage.django.__version__ = "another"
storage.collect_when_changed()
print(len(calls))"""
    assert run(code, tmp_path).strip() == "2"


def test_the_swapped_sqlite_is_the_one_django_uses() -> None:
    pytest.importorskip("pysqlite3", reason="no wheel of pysqlite3 for this machine")
    used = importlib.import_module("django.db.backends.sqlite3.base").Database
    assert used.__name__.startswith("pysqlite3")
