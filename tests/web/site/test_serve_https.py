"""attunement serve with a certificate, as a phone in the network at home meets it: really served, really asked."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from tests.certificates import Authority
from tests.web.site.test_serve import COMMAND
from tests.web.site.test_serve import free_port as free_port

pytestmark = pytest.mark.own_database

NAME = "baby.example.org"


@dataclass
class Home:
    """A household that listens on every address of this computer, and one phone that trusts its authority."""

    port: int
    trusts: ssl.SSLContext
    link: str

    def ask(self, method: str, path: str, *, cookies: dict[str, str] | None = None, host: str = "",
            says: str = "192.0.2.99", **form: str) -> tuple[HTTPResponse, bytes]:  # fmt: skip
        kept = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        headers = {"Host": host or f"{NAME}:{self.port}", "Cookie": kept, "X-Forwarded-For": says}
        if method == "POST":
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}:{self.port}"}
            form = {"csrfmiddlewaretoken": (cookies or {}).get("__Host-csrftoken", ""), **form}
        with closing(HTTPConnection(NAME, self.port)) as page:
            page.sock = self.line()
            page.request(method, path, urlencode(form), headers)
            answer = page.getresponse()
            return answer, answer.read()

    def line(self, name: str = NAME) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return self.trusts.wrap_socket(plain, server_hostname=name)


def cookies_of(answer: HTTPResponse) -> dict[str, SimpleCookie]:
    told = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie", []):
        told.load(line)
    return dict(told.items())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("home")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    authority = Authority(folder)
    certificate, key = authority.sign(NAME, ends=datetime.now(UTC) + timedelta(days=3, hours=1))
    given = ["--host", "0.0.0.0", "--port", str(port), "--name", NAME, "--certificate", str(certificate),
             "--key", str(key), "--data", str(folder / "data")]  # fmt: skip
    quiet = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ATTUNEMENT_") and name != "DATABASE_URL"
    }
    server = subprocess.Popen([*COMMAND, *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=quiet)
    try:
        line = server.stdout.readline()
        assert line.startswith(f"Attunement is ready: https://{NAME}:{port}/enter/"), server.stderr.read()
        link = line.strip().partition(f"{NAME}:{port}")[2]
        yield Home(port, ssl.create_default_context(cafile=str(authority.trusted)), link)
    finally:
        server.send_signal(signal.SIGINT)
        _, troubles = server.communicate(timeout=60)
    assert server.returncode == 0
    told = [json.loads(line) for line in troubles.splitlines()]
    assert {"days": 3}.items() <= next(one for one in told if one["event"] == "certificate.ends-soon").items()
    assert {one["event"] for one in told if one["level"] == "error"} <= {"django.security.DisallowedHost"}


def test_a_phone_that_trusts_the_authority_is_answered_over_tls_alone(home: Home) -> None:
    answer, page = home.ask("GET", "/sign-in/")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert b"<form" in page
    with home.line() as line:
        assert line.version() == "TLSv1.3"


def test_plain_http_gets_no_word(home: Home) -> None:
    with closing(HTTPConnection("127.0.0.1", home.port, timeout=20)) as page, pytest.raises((HTTPException, OSError)):
        page.request("GET", "/sign-in/", headers={"Host": NAME, "X-Forwarded-Proto": "https"})
        page.getresponse()


def test_older_ways_of_tls_are_refused(home: Home) -> None:
    home.trusts.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        with pytest.raises(ssl.SSLError):
            home.line()
    finally:
        home.trusts.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED


def test_who_does_not_trust_the_authority_or_asks_for_another_name_goes_no_further(home: Home) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        home.line("localhost")
    plain = socket.create_connection(("127.0.0.1", home.port), timeout=20)
    with plain, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(plain, server_hostname=NAME)


@pytest.mark.parametrize(("host", "status"), [("localhost", 200), ("192.168.1.20", 400), ("elsewhere.org", 400)])
def test_it_answers_to_its_name_and_to_localhost(home: Home, host: str, status: int) -> None:
    assert home.ask("GET", "/sign-in/", host=host)[0].status == status
    assert home.ask("GET", "/api/v1/me", host=host)[0].status == (401 if status == 200 else 400)


def test_the_link_works_once_and_then_a_way_in_of_her_own_is_asked_for(home: Home) -> None:
    told = cookies_of(home.ask("GET", home.link)[0])
    came, _ = home.ask("POST", home.link, cookies={name: one.value for name, one in told.items()})
    told |= cookies_of(came)
    cookies = {name: one.value for name, one in told.items()}
    assert came.status == 302
    assert all(one["secure"] and one["samesite"] == "Lax" for one in told.values())
    assert set(told) == {"__Host-csrftoken", "__Host-sessionid"}

    assert home.ask("POST", home.link, cookies=cookies)[0].status == 410
    start, _ = home.ask("GET", "/start/", cookies=cookies)
    assert (start.status, start.headers["Location"]) == (302, "/me/second-proof/")
    asked, _ = home.ask("GET", "/me/second-proof/", cookies=cookies)
    assert asked.headers["Location"] == "/me/"
    page = home.ask("GET", "/me/", cookies=cookies)[1]
    assert b"choose how you come in" in page
    assert b"the link is enough" not in page
    assert home.ask("GET", "/api/v1/me", cookies=cookies)[0].status == 401

    chosen = {"name": "Ann", "email": "ann@example.org", "password": "a walk in the rain"}
    kept, _ = home.ask("POST", "/me/", cookies=cookies, **chosen)
    assert (kept.status, kept.headers["Location"]) == (302, "/")
    cookies |= {name: one.value for name, one in cookies_of(kept).items()}
    assert home.ask("GET", "/start/", cookies=cookies)[0].status == 200
    assert home.ask("GET", "/api/v1/me", cookies=cookies)[0].status == 200


def test_who_guesses_is_counted_by_where_she_is_not_by_what_she_says(home: Home) -> None:
    told = cookies_of(home.ask("GET", home.link)[0])
    cookies = {name: one.value for name, one in told.items()}
    tried = [
        home.ask("POST", "/enter/not-a-link/", cookies=cookies, says=f"192.0.2.{number}")[0].status
        for number in range(12)
    ]
    assert tried[0] == 410
    assert tried[-1] == 429
