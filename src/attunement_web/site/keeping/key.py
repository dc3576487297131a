"""The key that opens backups: an age identity in a file for its owner only, as every age tool reads it."""

from __future__ import annotations

import os
from pathlib import Path

from pyrage import IdentityError, x25519

from attunement.errors import NotReadable, WrongUse

NAME = "backup-key"
_HEAD = """\
# This key opens the backups of Attunement. Keep a copy of this file somewhere else, on paper or on another machine:
# without it no backup can be opened, by nobody.
# public key: {public}
"""


def key_of(data: Path) -> tuple[x25519.Identity, bool]:
    """The key of this household, and whether it was made just now."""
    path = data / NAME
    if path.exists():
        return read_key(path), False
    made = x25519.Identity.generate()
    write_key(path, made)
    return made, True


def read_key(path: Path) -> x25519.Identity:
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadable(
            "we cannot read this key", place=str(path), remedy="name the key's file with --key"
        ) from error
    for line in lines:
        if line.startswith("AGE-SECRET-KEY-1"):
            try:
                return x25519.Identity.from_str(line.strip())
            except IdentityError:
                break
    remedy = f"it is the file {NAME} of the household that made the backup"
    raise NotReadable("this is no key that opens a backup", place=str(path), remedy=remedy)


def write_key(path: Path, key: x25519.Identity) -> None:
    """On the disk before the first backup is, and never over another key."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise WrongUse("there is a key already", place=str(path), remedy="move it away first") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_HEAD.format(public=key.to_public()) + f"{key}\n")
        file.flush()
        os.fsync(file.fileno())
