"""The day of the last backup stands quietly on one's own page, and on Today only when it is long ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from tests.tone import banned_words
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.shell.queries import WRITTEN

SignedIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("days", "on_own_page", "on_today"),
    [
        (1, "and opened to see that it is whole", ""),
        (8, "Whoever looks after it can run", "Whoever looks after it can run"),
        (None, "There is no backup yet", ""),
    ],
)
def test_what_the_pages_say(
    cast: Cast,
    signed_in: SignedIn,
    settings: Settings,
    tmp_path: Path,
    days: int | None,
    on_own_page: str,
    on_today: str,
) -> None:
    settings.BACKUPS = tmp_path
    if days is not None:
        (tmp_path / (timezone.now() - timedelta(days=days)).strftime(WRITTEN)).touch()
    alice = signed_in(cast.alice)
    own = alice.get(reverse("accounts:me")).content.decode()
    today = alice.get(reverse("today:today", args=[cast.mia.pk])).content.decode()
    assert on_own_page in own
    assert (on_today in today) if on_today else ("backup" not in today)
    assert banned_words(own) == []


def test_without_a_folder_for_backups_nothing_is_said(cast: Cast, signed_in: SignedIn, settings: Settings) -> None:
    settings.BACKUPS = None
    assert "backup" not in signed_in(cast.alice).get(reverse("accounts:me")).content.decode()
