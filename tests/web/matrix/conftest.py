"""The matrix is asked once, and looked at by every test here."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
import time_machine
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from tests.web.matrix.asking import Cell, ask_everything
from tests.web.matrix.world import World, make_world


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """For all tests here; each request is undone by itself. Nothing may close the connection of its transaction, which
    looks like one that somebody left open."""
    with django_db_blocker.unblock(), patch.object(BaseDatabaseWrapper, "close_if_unusable_or_obsolete"):
        whole = transaction.atomic()
        whole._from_testcase = True  # as Django's own tests do, so that a push may want to be durable
        whole.__enter__()
        try:
            yield make_world(timezone.localdate(timezone=timezone.get_default_timezone()))
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


@pytest.fixture(scope="package")
def cells(world: World) -> list[Cell]:
    with time_machine.travel(timezone.now(), tick=False):  # a minute that passes renews a session's cookie
        return list(ask_everything(world))
