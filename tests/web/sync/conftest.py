"""A database that several threads reach, each through a connection of its own: a file, or the PostgreSQL of this run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from tests.universe import Cast, make_cast

from attunement_web.actor import unscoped
from attunement_web.site import database as database_settings

T = TypeVar("T")
Apart = Callable[[Callable[[], T]], threading.Thread]


class Thread(threading.Thread):
    """Keeps what its work gave back, and raises in the test what it raised."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work, self.result, self.trouble = work, None, None
        self.start()

    def run(self) -> None:
        try:
            with unscoped("a test"):
                self.result = self.work()
        except BaseException as trouble:
            self.trouble = trouble
        finally:
            connection.close()

    def done(self) -> Any:
        self.join(timeout=60)
        assert not self.is_alive(), "a thread still waits after a minute"
        if self.trouble is not None:
            raise self.trouble
        return self.result


@pytest.fixture
def apart(request: pytest.FixtureRequest) -> Iterator[type[Thread]]:
    """`apart(work).done()`: `work` in a thread of its own, on a database that this test alone uses."""
    if connection.vendor == "postgresql":  # the tests are marked: what threads commit is emptied afterwards
        yield Thread
        return
    blocker: DjangoDbBlocker = request.getfixturevalue("django_db_blocker")
    path = request.getfixturevalue("tmp_path") / "apart.sqlite3"
    there, before = connections.settings["default"], dict(connections.settings["default"])
    there |= connections.configure_settings({"default": database_settings.sqlite(path)})["default"]
    # A fixture of other tests may still hold its transaction, and with it the lock of the one writer.
    with blocker.unblock(), patch("attunement_web.site.sqlite.base._writer", threading.RLock()):
        Thread(lambda: call_command("migrate", verbosity=0)).done()
        yield Thread
    there.clear()
    there.update(before)


@pytest.fixture
def far_cast(apart: type[Thread]) -> Cast:
    """The cast in that database."""
    return apart(lambda: make_cast(timezone.localdate())).done()
