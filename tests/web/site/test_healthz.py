"""/healthz says whether the site is well, to anybody, and nothing about anybody."""

from __future__ import annotations

import os
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from attunement import __version__
from attunement_web.site import health
from attunement_web.site.keeping import shelf

Usage = namedtuple("Usage", "total used free")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def looks_afresh() -> Iterator[None]:
    health._last.until = 0
    yield
    health._last.until = 0


def test_a_well_site_says_so_without_sign_in(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    told = answer.json()
    assert told == {
        "ok": True, "version": __version__, "database": "writable", "disk": "unknown",
        "backup": {"state": "none", "hours": None},
    }  # fmt: skip
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_many_askers_cost_one_look(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.get("/healthz")
    with django_assert_num_queries(0):
        for _ in range(5):
            client.get("/healthz")


def test_a_database_that_takes_nothing_is_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OperationalError("attempt to write a readonly database: a canary")

    monkeypatch.setattr(health.transaction, "atomic", broken)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert (answer.json()["ok"], answer.json()["database"]) == (False, "not writable")
    assert b"canary" not in answer.content


@pytest.mark.parametrize(
    ("free", "said", "status"), [(2**40, "enough", 200), (2**29, "low", 200), (2**20, "full", 503)]
)
def test_what_is_left_of_the_disk(
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    free: int,
    said: str,
    status: int,
) -> None:
    settings.DATA = tmp_path
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: Usage(2**41, 0, free))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["disk"]) == (status, said)


@pytest.mark.parametrize(("days", "state"), [(0, "fresh"), (6, "fresh"), (8, "old")])
def test_how_old_the_last_backup_is(client: Client, settings: Settings, tmp_path: Path, days: int, state: str) -> None:
    settings.BACKUPS = tmp_path
    (tmp_path / shelf.name_for(timezone.now() - timedelta(days=days, minutes=1))).touch()
    assert client.get("/healthz").json()["backup"] == {"state": state, "hours": days * 24}


def test_while_a_look_takes_long_the_others_are_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_PATIENCE", 0.01)
    with health._last.lock:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "busy")
    assert client.get("/healthz").status_code == 200


def test_only_looking_is_answered(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").status_code == 200
    assert os.linesep.encode() not in client.get("/healthz").content
