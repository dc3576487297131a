"""What every test of the site stands on: the cast, people signed in, no network, quick password hashes."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.universe import Cast, make_cast

from attunement_web.accounts.models import User

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Argon2 takes a fifth of a second on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine; a test that tries breaks."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: tuple[str, int] | str) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:
            raise AssertionError(f"a test wanted to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(timezone.localdate(timezone=timezone.get_default_timezone()))


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """`signed_in(cast.alice)`: a browser in which Alice is signed in."""

    def browser_of(person: User) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return browser_of
