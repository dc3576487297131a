"""An export reads one state of the database and keeps nobody from writing, whichever journal SQLite has."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings
from tests.universe import Cast
from tests.web.rights.family import note
from tests.web.sync.conftest import Thread
from tests.web.sync.conftest import apart as apart
from tests.web.sync.conftest import far_cast as far_cast

from attunement_web.diary.models import Moment
from attunement_web.rights import queries
from attunement_web.rights.queries.copying import one_state
from attunement_web.site import native

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no journal that readers hold")


@pytest.fixture(params=["DELETE", "WAL"], autouse=True)
def journal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "journal", lambda: f"PRAGMA journal_mode={request.param};")


@pytest.fixture
def uploads(tmp_path: Path, settings: Settings) -> Path:
    settings.UPLOADS = tmp_path / "uploads"
    settings.UPLOADS.mkdir()
    return settings.UPLOADS


def test_a_phone_is_answered_while_a_copy_is_written(apart: type[Thread], far_cast: Cast, uploads: Path) -> None:
    def read() -> tuple[int, int]:
        with one_state():
            before = Moment.objects.count()
            apart(lambda: note(far_cast.mia, 2, "meanwhile")).done()
            return before, Moment.objects.count()

    assert apart(read).done() == (0, 0)
    assert apart(Moment.objects.count).done() == 2
    assert list(uploads.iterdir()) == []


def test_the_copy_holds_what_was_there(apart: type[Thread], far_cast: Cast, uploads: Path) -> None:
    def copied() -> dict[str, int]:
        note(far_cast.mia, 3, "before")
        found = queries.write_copy(io.BytesIO(), queries.about_child(far_cast.mia), now=timezone.now()).rows
        note(far_cast.mia, 1, "after")  # this thread writes where it did
        return found

    assert apart(copied).done()["moments"] == 3
    assert apart(Moment.objects.count).done() == 4
