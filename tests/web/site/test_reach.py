"""Beyond this computer only over HTTPS: what `attunement serve` refuses before anybody could come."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.certificates import Authority
from tests.web.site.test_serve import free_port as free_port

from attunement.errors import WrongUse
from attunement_web.site import certificate as certificates
from attunement_web.site import reach, serve
from attunement_web.site.serve import main

NAME = "baby.example.org"
Files = tuple[Path, Path]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def files(authority: Authority) -> Files:
    return authority.sign(NAME)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What the command says when it refuses; nothing of a household was touched."""

    def opened(*_: Any, **__: Any) -> None:
        pytest.fail("it went on to open the household")

    monkeypatch.setattr(serve, "_folder", opened)

    def ask(*arguments: str | Path) -> str:
        assert main([str(one) for one in arguments]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        return said.err

    return ask


def with_https(files: Files, *, name: str = NAME, host: str = "0.0.0.0") -> list[str | Path]:
    return ["--host", host, "--name", name, "--certificate", files[0], "--key", files[1]]


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])
@pytest.mark.parametrize("missing", ["--name", "--certificate", "--key"])
def test_what_https_lacks_is_said(told: Callable[..., str], files: Files, host: str, missing: str) -> None:
    given = with_https(files, host=host)
    at = given.index(missing)
    said = told(*given[:at], *given[at + 2 :])
    assert missing in said
    assert not {"--name", "--certificate", "--key"} - {missing} & set(said.split())


@pytest.mark.parametrize(
    "name",
    ["192.168.1.20", "::1", "localhost", "baby", "*.example.org", "Baby.example.org", "baby..org", "baby-.org",
     "baby.example.org:8443", "https://baby.example.org", "baby.example.org.", "baby_.example.org", "", "a.1",
     "b\u00e9b\u00e9.example.org", "a" * 64 + ".org", ".".join(["a" * 60] * 5)],
)  # fmt: skip
def test_a_name_that_is_none_is_refused(told: Callable[..., str], files: Files, name: str) -> None:
    assert "not the name" in told(*with_https(files, name=name))


@pytest.mark.parametrize("host", ["example.org", "*", "", "0", "192.168.1", NAME])
def test_where_to_listen_is_an_address(told: Callable[..., str], files: Files, host: str) -> None:
    assert "no address" in told(*with_https(files, host=host))


def test_an_address_of_another_computer_is_said(told: Callable[..., str], files: Files) -> None:
    assert "does not have this address" in told(*with_https(files, host="192.0.2.7"))


def test_no_page_for_mending_is_shown_to_others(
    told: Callable[..., str], files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNEMENT_DEBUG", "1")
    assert "ATTUNEMENT_DEBUG" in told(*with_https(files))


def test_the_name_is_said_in_one_place(told: Callable[..., str], files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNEMENT_ALLOWED_HOSTS", "elsewhere.example.org")
    assert "ATTUNEMENT_ALLOWED_HOSTS" in told(*with_https(files))


def test_https_of_our_own_is_not_claimed_without_a_certificate(
    told: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNEMENT_HTTPS", "own")
    assert "--certificate" in told()


@pytest.mark.skipif(os.name != "posix", reason="this system has other rights than an owner's and others'")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_key_that_others_read_is_refused(told: Callable[..., str], files: Files, mode: int) -> None:
    files[1].chmod(mode)
    assert "chmod 600" in told(*with_https(files))


@pytest.mark.parametrize("which", [0, 1])
def test_a_file_that_is_not_there_is_named(told: Callable[..., str], files: Files, which: int) -> None:
    files[which].unlink()
    said = told(*with_https(files))
    assert str(files[which]) in said
    assert "no such file" in said


def test_a_certificate_for_another_name_is_refused(told: Callable[..., str], authority: Authority) -> None:
    assert NAME in told(*with_https(authority.sign("other.example.org")))
    assert "does not hold" in told(*with_https(authority.sign(common=NAME)))  # browsers ignore it
    assert "does not hold" in told(*with_https(authority.sign("*.example.org"), name="my.baby.example.org"))


def test_a_certificate_that_is_over_says_since_when(told: Callable[..., str], authority: Authority) -> None:
    ended = datetime(2026, 3, 5, 12, tzinfo=UTC)
    files = authority.sign(NAME, begins=ended - timedelta(days=90), ends=ended)
    assert "ended on 2026-03-05" in told(*with_https(files))


def test_a_certificate_that_has_not_begun_says_when_it_does(told: Callable[..., str], authority: Authority) -> None:
    begins = datetime.now(UTC) + timedelta(days=2)
    assert f"begins on {begins:%Y-%m-%d}" in told(*with_https(authority.sign(NAME, begins=begins)))


def test_a_certificate_for_another_use_is_refused(told: Callable[..., str], authority: Authority) -> None:
    assert "no browser takes" in told(*with_https(authority.sign(NAME, use=ExtendedKeyUsageOID.CLIENT_AUTH)))


def test_a_key_of_another_certificate_is_refused(told: Callable[..., str], authority: Authority) -> None:
    mine, other = authority.sign(NAME), authority.sign(NAME, file="other")
    assert "not that of" in told(*with_https((mine[0], other[1])))


@pytest.mark.parametrize("which", [0, 1])
def test_a_file_that_is_something_else_is_refused(told: Callable[..., str], files: Files, which: int) -> None:
    files[which].write_text("this is a letter")
    assert "PEM" in told(*with_https(files))


def test_a_key_with_a_password_asks_nobody_and_is_refused(told: Callable[..., str], authority: Authority) -> None:
    assert "no password" in told(*with_https(authority.sign(NAME, password=b"sesame")))


@pytest.mark.parametrize(("left", "days"), [(13.5, 13), (0.5, 0), (15, None)])
def test_in_its_last_fortnight_the_days_are_counted(
    authority: Authority, free_port: int, left: float, days: int | None
) -> None:
    files = authority.sign(NAME, "localhost", ends=datetime.now(UTC) + timedelta(days=left))
    assert reach.checked("127.0.0.1", free_port, NAME, *files).days_left == days


def test_a_certificate_for_every_name_of_a_domain_holds_ours(authority: Authority) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=5)
    files = authority.sign("*.example.org", ends=ends)
    assert certificates.checked(*files, name=NAME, now=datetime.now(UTC)) == ends


def test_the_settings_get_the_name_and_no_word_of_others(
    files: Files, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS", "ALLOWED_HOSTS"):
        monkeypatch.setenv(f"ATTUNEMENT_{name}", "")  # put back after the test
    reached = reach.checked("127.0.0.1", free_port, NAME, *files)
    reached.tell_settings()
    assert os.environ["ATTUNEMENT_HTTPS"] == "own"
    assert os.environ["ATTUNEMENT_ALLOWED_HOSTS"] == f"{NAME},localhost"


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "localhost"), ("localhost", "localhost"), ("127.0.0.2", "127.0.0.2")]
)
def test_on_this_computer_the_link_has_a_name_where_the_name_is_us(
    host: str, shown: str, free_port: int, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    assert reach.checked(host, free_port, None, None, None).address() == f"http://{shown}:{free_port}"


def test_a_name_that_somebody_else_answers_to_is_not_shown(free_port: int, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    try:
        with socket.create_server(("::1", free_port), family=socket.AF_INET6):
            reached = reach.checked("127.0.0.1", free_port, None, None, None)
            assert reached.address() == f"http://127.0.0.1:{free_port}"
    except OSError:
        pytest.skip("this computer has no ::1")


def test_behind_a_proxy_the_link_has_its_name(free_port: int, settings: Any) -> None:
    settings.HTTPS, settings.ALLOWED_HOSTS = True, [NAME, "localhost"]
    assert reach.checked("127.0.0.1", free_port, None, None, None).address() == f"https://{NAME}"


def test_the_usual_port_of_https_needs_no_number(settings: Any) -> None:
    assert reach.Reach("0.0.0.0", 443, NAME).address() == f"https://{NAME}"


def test_a_plain_start_is_told_nothing_of_https(free_port: int) -> None:
    reached = reach.checked("127.0.0.1", free_port, None, None, None)
    assert (reached.name, reached.certificate, reached.days_left) == ("", None, None)
    with pytest.raises(WrongUse, match="no such port"):
        reach.checked("127.0.0.1", 0, None, None, None)
