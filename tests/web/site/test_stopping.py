"""attunement serve, asked to stop while people are noting: each is answered or refused, and what was answered is kept."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
import uuid
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from tests.web.site.test_serve import free_port as free_port
from tests.web.site.test_serve import start

pytestmark = pytest.mark.own_database

PEOPLE, SECONDS = 6, 2.0


class Household:
    """One who came in through the link, with one child."""

    def __init__(self, line: str, port: int) -> None:
        self.port, self.jar = port, CookieJar()
        self.open = build_opener(HTTPCookieProcessor(self.jar)).open
        address = line.split(": ", 1)[1].strip()
        self.open(address).close()
        self.open(address, data=self.form()).close()
        born = time.strftime("%Y-%m-%d", time.localtime(time.time() - 200 * 86400))
        given = self.form(page=str(uuid.uuid4()), name="Mia", born=born, shape="moon", time_zone="UTC")
        with self.open(f"http://localhost:{port}/start/", data=given) as page:
            self.child = page.url.split("/child/")[1].strip("/")

    def form(self, **fields: str) -> bytes:
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        return urlencode({"csrfmiddlewaretoken": token, **fields}).encode()

    def headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
        return {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}


def note(home: Household, moment: str) -> int:
    """The status of the answer; 0 when there was none."""
    page = HTTPConnection("127.0.0.1", home.port, timeout=30)
    try:
        page.request("POST", f"/child/{home.child}/note/", home.form(id=moment, signal="cry"), home.headers())
        answer = page.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return 0
    finally:
        page.close()


def test_those_under_way_are_answered_and_what_was_answered_is_kept(tmp_path: Path, free_port: int) -> None:
    server = start(tmp_path / "home", free_port)
    told: dict[str, int] = {}
    try:
        home = Household(server.stdout.readline(), free_port)
        stopped = threading.Event()

        def keep_noting() -> None:
            while not stopped.is_set():
                moment = str(uuid.uuid4())
                told[moment] = note(home, moment)
                if told[moment] == 0:
                    return

        people = [threading.Thread(target=keep_noting) for _ in range(PEOPLE)]
        for one in people:
            one.start()
        time.sleep(SECONDS)
    finally:
        began = time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        said, troubles = server.communicate(timeout=60)
        took = time.monotonic() - began
    stopped.set()
    for one in people:
        one.join(timeout=30)
    assert (server.returncode, said) == (0, "")
    assert '"level": "error"' not in troubles
    assert took < 20
    assert set(told.values()) <= {302, 0}
    kept = moments_in(tmp_path / "home")
    assert {moment for moment, status in told.items() if status == 302} == kept  # the others were refused as a whole
    assert len(kept) > PEOPLE


def moments_in(data: Path) -> set[str]:
    """Straight from the file, beside which nothing is left."""
    assert not (data / "db.sqlite3-wal").exists() or (data / "db.sqlite3-wal").stat().st_size == 0
    with closing(sqlite3.connect(data / "db.sqlite3")) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {str(uuid.UUID(row[0])) for row in opened.execute("SELECT id FROM diary_moment")}
