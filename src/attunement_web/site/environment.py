"""Reads the settings' environment variables, and says plainly which one is wrong."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

OWN = "own"  # ATTUNEMENT_HTTPS: spoken by `attunement serve` itself, with a certificate of its own
_YES, _NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(f"ATTUNEMENT_{name}", default).strip()


def switch(name: str) -> bool:
    value = text(name).lower()
    if value not in _YES | _NO:
        raise ImproperlyConfigured(f"ATTUNEMENT_{name}={value}: write 1 or 0")
    return value in _YES


def several(name: str, default: str) -> list[str]:
    found = [part.strip() for part in text(name, default).split(",") if part.strip()]
    if "*" in found or not found:
        raise ImproperlyConfigured(f"ATTUNEMENT_{name}: name each host, separated by commas; * would let any page in")
    return found


def folder(name: str) -> Path | None:
    """An existing folder we may write to, or None when the variable is not set."""
    value = text(name)
    if not value:
        return None
    found = Path(value).expanduser().resolve()
    if not found.is_dir() or not os.access(found, os.W_OK):
        raise ImproperlyConfigured(f"ATTUNEMENT_{name}={value}: no folder we can write to")
    return found


def place(name: str, default: Path | None) -> Path | None:
    """A folder that may be away for now, like a disk that is plugged in at night."""
    value = text(name)
    if value and not Path(value).expanduser().is_absolute():
        raise ImproperlyConfigured(f"ATTUNEMENT_{name}={value}: write the whole path, from / on")
    return Path(value).expanduser() if value else default


def private_folder(data: Path | None, name: str) -> Path | None:
    """A folder in the data folder into which only its owner looks; None without a data folder."""
    if data is None:
        return None
    found = data / name
    found.mkdir(mode=0o700, exist_ok=True)
    found.chmod(0o700)
    return found


def time_zone(name: str) -> str:
    """The zone named, else this machine's own, else UTC."""
    wanted = text(name)
    if wanted and wanted not in available_timezones():
        raise ImproperlyConfigured(f"ATTUNEMENT_{name}={wanted}: write it like Europe/Madrid")
    return wanted or _machine_zone() or "UTC"


def _machine_zone() -> str:
    where = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    return next((zone for zone in (os.environ.get("TZ", ""), where) if zone in available_timezones()), "")


def secret_key(data: Path | None) -> str:
    """Signs cookies and links."""
    return _key(text("SECRET_KEY"), data, "secret-key")


def ledger_key(data: Path | None) -> str:
    """Seals the ledger."""
    return _key(text("LEDGER_KEY"), data, "ledger-key")


def _key(given: str, data: Path | None, name: str) -> str:
    """The key in the data folder, made at the first run for its owner only; without a folder, one for this process."""
    if given or data is None:
        return given or secrets.token_urlsafe(50)
    path = data / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_key(path)
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


def _kept_key(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(f"{path}: this key is too short to be ours; remove the file to make a new one")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{path}: others on this machine can read it; run chmod 600 on it")
    return key
