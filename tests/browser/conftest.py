"""Journeys in a real Chromium: a phone in the hand, a person signed in, and a watch for everything that goes wrong."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings as site
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from tests.strong import strong_browser
from tests.universe import Cast, make_cast

from attunement_web.accounts.actions import person_of_household
from attunement_web.accounts.models import User
from attunement_web.families.models import Child
from attunement_web.site.demo import build
from attunement_web.site.sqlite import base as one_writer

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 15_000  # ms; two cores may be busy with much else
# A refused form answers 422, which Chromium writes to the console as if a file were missing.
REFUSED_FORM = "status of 422"
TELL_OF_CSP = """document.addEventListener("securitypolicyviolation",
    event => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`))"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Chromium as it stands on this machine. Where there is none, journeys are skipped; never on CI."""
    found = next(filter(None, map(shutil.which, filter(None, (os.environ.get("CHROMIUM"), *NAMES)))), None)
    if found is None:
        line = "no Chromium or Chrome on this machine: install one, or set CHROMIUM to where it is"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(line)
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {"executable_path": found, "args": [*QUIET, *as_root]}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each context names its own; pytest-playwright's fixture of this name is written as pytest 10 will not allow."""


@pytest.fixture(scope="session", autouse=True)
def beside_a_running_loop() -> None:
    """Playwright keeps an event loop in this thread until the end, beside which Django would refuse its database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module", autouse=True)
def one_request_at_a_time() -> Iterator[None]:
    """The tests' database in memory is one connection for all threads, and pages ask for several things at once.

    One lock for all of it, the writer's too: two would be taken in either order, and wait for each other for ever.
    """
    alone = threading.RLock()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(one_writer, "_writer", alone)
        for owner, name in ((WSGIHandler, "__call__"), (one_writer.OneWriterCursor, "execute")):
            patched.setattr(owner, name, _in_turn(alone, getattr(owner, name)))
        yield


def _in_turn(alone: Any, work: Callable[..., Any]) -> Callable[..., Any]:
    def in_turn(*args: Any, **kwargs: Any) -> Any:
        with alone:
            return work(*args, **kwargs)

    return in_turn


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass
class Watch:
    """What no page may do: ask another origin for anything, write an error to the console, break its own rules."""

    origin: str = ""
    seen: list[str] = field(default_factory=list)
    requests: int = 0
    allows: tuple[str, ...] = (REFUSED_FORM,)

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(TELL_OF_CSP)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"page error: {error.error}"))

    def _request(self, request: Request) -> None:
        self.requests += 1
        if not request.url.startswith((self.origin, "data:", "about:")):
            self.seen.append(f"asked another origin: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(allowed in message.text for allowed in self.allows):
            self.seen.append(f"console: {message.text}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert watching.requests > 0
    assert watching.seen == []


Open = Callable[..., Page]


@pytest.fixture
def opened(new_context: Callable[..., BrowserContext], live_server: LiveServer, watch: Watch) -> Open:
    """`opened(person, **options)`: a fresh page of a watched browser in which this person is signed in.

    Without a service worker every page is the server's own; `service_workers="allow"` gives the installed app.
    """
    watch.origin = live_server.url

    def page_of(person: User, **options: Any) -> Page:
        browser = strong_browser(person) if person.is_practitioner else Client()
        if not person.is_practitioner:
            browser.force_login(person)
        context = new_context(**{"base_url": live_server.url, "service_workers": "block", **PHONE, **options})
        key = site.SESSION_COOKIE_NAME
        context.add_cookies([{"name": key, "value": browser.cookies[key].value, "url": live_server.url}])
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        return context.new_page()

    return page_of


@pytest.fixture
def cast(live_server: LiveServer) -> Cast:
    return make_cast(timezone.localdate())


@pytest.fixture
def demo(live_server: LiveServer) -> dict[str, Child]:
    """The demo family, as `attunement serve --demo` makes it."""
    return build(today=timezone.localdate(), zone="Europe/Madrid", by=person_of_household())


@pytest.fixture
def mama(demo: dict[str, Child]) -> User:
    return person_of_household()
