"""The first evening: start it, open the one-time link, name a baby; urgent help is there when the network is not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.browser.conftest import PATIENCE, PHONE, Watch

START = "import sys; from attunement_web.site.serve import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """What `attunement serve` prints: a new household's own process, its static files as people get them."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    quiet = {key: value for key, value in os.environ.items() if not key.startswith(("ATTUNEMENT_", "DJANGO_"))}
    command = [sys.executable, "-c", START, "--port", str(port), "--data", str(tmp_path / "home")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=quiet) as server:
        line = server.stdout.readline()
        yield line.removeprefix("Attunement is ready: ").strip()
        server.send_signal(signal.SIGINT)


def test_from_the_link_to_today_and_to_help_without_a_network(
    link: str, new_context: Callable[..., BrowserContext], watch: Watch
) -> None:
    watch.allows += ("status of 410",)  # the link, the second time
    watch.origin = link.partition("/enter/")[0]
    context = new_context(**PHONE)
    context.set_default_timeout(PATIENCE)
    watch.over(context)
    page = context.new_page()

    page.goto(link)
    page.get_by_role("button", name="Come in").tap()
    page.get_by_label("What do you call your child?").fill("Mia")
    page.get_by_label("Birthday").fill((date.today() - timedelta(days=95)).isoformat())
    page.get_by_label("What does your child call you?").fill("Mama")
    page.get_by_role("button", name="Begin").tap()
    expect(page.get_by_role("heading", name="Mia", level=1)).to_be_visible()
    expect(page.get_by_text("Hello, Mia. It is good to have you here.")).to_be_visible()
    expect(page.get_by_text("3 months")).to_be_visible()
    expect(page.get_by_role("link", name="Note a moment")).to_be_in_viewport()
    page.wait_for_load_state("networkidle")

    context.set_offline(True)
    page.get_by_role("link", name="Urgent help").tap()
    expect(page.get_by_role("heading", name="Urgent help")).to_be_visible()
    trouble = page.locator("details").filter(has_text="cannot be woken")
    trouble.locator("summary").tap()
    expect(trouble.locator(".call").first).to_be_visible()
    expect(page.locator(".call--first, .notice").first).to_have_css("border-radius", "19.8px")  # it has its looks too

    context.set_offline(False)
    page.goto(link)
    page.get_by_role("button", name="Come in").tap()
    expect(page.get_by_role("heading", name="This link was used before")).to_be_visible()
