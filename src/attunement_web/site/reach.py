"""Where `attunement serve` is reached: on this computer alone, or over HTTPS under a name of one's own."""

from __future__ import annotations

import errno
import ipaddress
import os
import re
import socket
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from attunement.errors import WrongUse
from attunement_web.site import certificate as certificates
from attunement_web.site import environment

# A name that has a dot, and letters at its end: no number is one, and no name of this computer alone.
_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # listening everywhere, and where this computer then asks itself
_OTHER = {"127.0.0.1": "::1", "::1": "127.0.0.1"}  # `localhost` may be either


@dataclass(frozen=True, slots=True)
class Reach:
    """Checked: either plain HTTP on a loopback address, or HTTPS with a certificate that holds the name."""

    host: str
    port: int
    name: str = ""
    certificate: Path | None = None
    key: Path | None = None
    ends: datetime | None = None  # the certificate

    @property
    def days_left(self) -> int | None:
        """Of the certificate, when there are few."""
        left = self.ends - datetime.now(UTC) if self.ends else None
        return left.days if left is not None and left < certificates.SOON else None

    def tell_settings(self) -> None:
        """For the settings of this process and the worker's, when we speak HTTPS ourselves."""
        if self.name:
            os.environ["ATTUNEMENT_HTTPS"] = environment.OWN
            os.environ["ATTUNEMENT_ALLOWED_HOSTS"] = f"{self.name},localhost"

    def address(self) -> str:
        """What a person opens. Passkeys work under a name only, so `localhost` where that is us."""
        from django.conf import settings

        if self.name:
            return f"https://{self.name}" + ("" if self.port == 443 else f":{self.port}")
        if settings.HTTPS:
            return f"https://{settings.ALLOWED_HOSTS[0].lstrip('.')}"
        shown = f"[{self.host}]" if ":" in self.host else self.host
        mine = "localhost" if self._is_localhost() and "localhost" in settings.ALLOWED_HOSTS else shown
        return f"http://{mine}:{self.port}"

    def answer(self) -> int:
        """The status of the first page, asked as people ask; 0 while nobody listens."""
        asked_as = {"Host": self.address().partition("://")[2], "X-Forwarded-Proto": "https"}
        try:
            line = socket.create_connection((_ANY.get(self.host, self.host), self.port), timeout=10)
            if self.certificate:
                line = certificates.trusting(self.certificate).wrap_socket(line, server_hostname=self.name)
            with closing(HTTPConnection(self.host, self.port)) as page:
                page.sock = line
                page.request("GET", "/sign-in/", headers=asked_as)
                return page.getresponse().status
        except (OSError, HTTPException):
            return 0

    def _is_localhost(self) -> bool:
        """Whether a browser on this computer that opens `localhost` comes to us, and to nobody else on this port."""
        if self.host not in _OTHER:
            return self.host == "localhost"
        try:
            socket.create_connection((_OTHER[self.host], self.port), timeout=1).close()
        except OSError:
            return True
        return False


def checked(host: str, port: int, name: str | None, certificate: Path | None, key: Path | None) -> Reach:
    """Raises WrongUse for whatever would show a household's notes to others without HTTPS, or could not be reached."""
    given = {"--name": name, "--certificate": certificate, "--key": key}
    missing = [option for option, value in given.items() if value is None]
    if not _is_loopback(host) and missing:
        what = "without HTTPS a household's notes are served to this computer only"
        raise WrongUse(what, place=host, remedy=f"leave --host out, or add {' and '.join(missing)}")
    if len(missing) < len(given):
        if name is None or certificate is None or key is None:
            raise WrongUse(f"HTTPS takes {' and '.join(missing)} as well", place=host)
        reach = Reach(host, port, name, certificate, key, _https(host, name, certificate, key))
    elif environment.text("HTTPS") == environment.OWN:
        raise WrongUse("HTTPS of our own takes --name, --certificate and --key", place="ATTUNEMENT_HTTPS")
    else:
        reach = Reach(host, port)
    _refuse_used_port(host, port)
    return reach


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _https(host: str, name: str, certificate: Path, key: Path) -> datetime:
    """When the certificate ends."""
    if host != "localhost" and not _is_address(host):
        remedy = "write it in numbers, like 192.168.1.20; 0.0.0.0 is all that this computer has"
        raise WrongUse("this is no address", place=f"--host {host}", remedy=remedy)
    if not _NAME.fullmatch(name):
        remedy = "write the one the certificate is for, in small letters, like baby.example.org"
        raise WrongUse("this is not the name of a place in a network", place=f"--name {name}", remedy=remedy)
    if environment.text("ALLOWED_HOSTS"):
        raise WrongUse("the name is said twice", place="ATTUNEMENT_ALLOWED_HOSTS", remedy="--name is enough")
    if environment.switch("DEBUG"):
        raise WrongUse("it shows too much to others", place="ATTUNEMENT_DEBUG", remedy="leave it out")
    return certificates.checked(certificate, key, name=name, now=datetime.now(UTC))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _refuse_used_port(host: str, port: int) -> None:
    if not 1 <= port <= 65535:
        raise WrongUse("there is no such port", place=f"--port {port}", remedy="choose one from 1024 to 65535")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(os.name == "posix"))
            trial.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise WrongUse("this computer does not have this address", place=f"--host {host}") from error
        what = "this port cannot be used" if isinstance(error, PermissionError) else "another program uses this port"
        raise WrongUse(what, place=f"port {port}", remedy="stop it, or choose another with --port") from error
