"""attunement serve, as its user meets it: one line when ready, one line when it cannot be."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from attunement_web.site import serve
from attunement_web.site.serve import main

pytestmark = pytest.mark.own_database

COMMAND = [sys.executable, "-c", "import sys; from attunement_web.site.serve import main; sys.exit(main(sys.argv[1:]))"]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start(data: Path, port: int, *, stderr: int = subprocess.PIPE, **more: str) -> subprocess.Popen[str]:
    quiet = {
        key: value for key, value in os.environ.items() if not key.startswith("ATTUNEMENT_") and key != "DATABASE_URL"
    }
    wanted = [*COMMAND, "--port", str(port), "--data", str(data)]
    return subprocess.Popen(
        wanted, stdout=subprocess.PIPE, stderr=stderr, text=True, env={**quiet, **more}, start_new_session=True
    )


def test_it_prints_one_line_lets_in_and_stops_cleanly(tmp_path: Path, free_port: int) -> None:
    data = tmp_path / "home"
    server = start(data, free_port)
    try:
        line = server.stdout.readline()
        assert line.startswith(f"Attunement is ready: http://localhost:{free_port}/enter/")
        address = line.split(": ", 1)[1].strip()
        jar = CookieJar()
        browser = build_opener(HTTPCookieProcessor(jar))
        with browser.open(address) as page:
            welcome = page.read().decode()
        assert "Come in" in welcome
        token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
        answers = urlencode({"csrfmiddlewaretoken": token}).encode()
        with pytest.raises(HTTPError) as refused:
            build_opener().open(address, data=answers)
        refused.value.close()
        assert refused.value.code == 403
        with browser.open(address, data=answers) as first:
            assert first.url.endswith("/start/")
        style = welcome.split('rel="stylesheet" href="')[1].split('"')[0]
        with browser.open(f"http://localhost:{free_port}{style}") as sheet:
            assert "immutable" in sheet.headers["Cache-Control"]
    finally:
        os.killpg(server.pid, signal.SIGINT)  # as a terminal does on Ctrl-C
        rest, troubles = server.communicate(timeout=30)
    assert (server.returncode, rest) == (0, "")
    assert all(json.loads(line)["event"].startswith("native.") for line in troubles.splitlines())
    assert {path.name for path in data.iterdir()} >= {"db.sqlite3", "secret-key", "static"}
    assert data.stat().st_mode & 0o077 == 0


def test_behind_a_proxy_it_starts_and_shows_its_name(tmp_path: Path, free_port: int) -> None:
    server = start(tmp_path, free_port, ATTUNEMENT_HTTPS="1", ATTUNEMENT_ALLOWED_HOSTS="baby.example.org")
    line = server.stdout.readline()
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=30)
    assert line.startswith("Attunement is ready: https://baby.example.org/enter/")
    assert server.returncode == 0


def test_a_killed_server_gives_its_port_back(tmp_path: Path, free_port: int) -> None:
    server = start(tmp_path / "home", free_port)
    assert server.stdout.readline()
    server.kill()
    for pipe in (server.stdout, server.stderr):
        pipe.read()  # ends when the worker, too, has left
        pipe.close()
    server.wait()
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", free_port)) != 0


def test_a_used_port_is_one_clear_line(free_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        assert main(["--port", str(free_port), "--data", str(tmp_path / "home")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert f"port {free_port}" in told.err
    assert not (tmp_path / "home").exists()


def test_a_folder_we_cannot_write_in_is_one_clear_line(
    free_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-file").write_text("")
    assert main(["--port", str(free_port), "--data", str(tmp_path / "a-file" / "home")]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "--data" in told.err


OTHERS = [
    "0.0.0.0", "0", "192.168.1.5", "10.0.0.1", "169.254.1.1", "::", "::0", "fe80::1", "fd00::1", "::ffff:192.168.1.5",
    "example.org", "localhost.example.org", "127.0.0.1.example.org", "*", "",
]  # fmt: skip


@pytest.mark.parametrize("debug", ["", "1"])
@pytest.mark.parametrize("host", OTHERS)
def test_other_machines_are_refused_by_address_and_by_name(
    host: str, debug: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNEMENT_DEBUG", debug)
    assert main(["--host", host]) == 2
    told = capsys.readouterr().err
    assert "this computer only" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_this_computer_is_served(host: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serve, "_prepare", lambda data, reached, demo: "token")
    monkeypatch.setattr(serve, "_run", lambda *_, **__: 0)
    assert main(["--host", host, "--port", "8229", "--data", str(tmp_path)]) == 0


def test_a_damaged_database_is_one_clear_line(tmp_path: Path, free_port: int) -> None:
    (tmp_path / "db.sqlite3").write_text("this is no database, and long enough to be looked at " * 200)
    server = start(tmp_path, free_port)
    told, troubles = server.communicate(timeout=60)
    assert server.returncode == 2
    assert told == ""
    assert troubles.count("\n") == 1
    assert "db.sqlite3" in troubles


def test_the_demo_family_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folders: list[Path] = []
    monkeypatch.setattr(serve, "_prepare", lambda data, reached, demo: folders.append(data) or "token")
    monkeypatch.setattr(serve, "_run", lambda *_, **__: 0)
    assert [main(["--port", "8119"]), main(["--port", "8119", "--demo"])] == [0, 0]
    assert folders == [tmp_path / "attunement", tmp_path / "attunement-demo"]
