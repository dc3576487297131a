"""A backup as a file: age around a gzipped tar of manifest.json and the database, so that other tools open it too."""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyrage
from pyrage import x25519

from attunement.errors import NotReadable
from attunement_web.site.keeping.counting import Tables

FORMAT = 1
_MANIFEST = "manifest.json"
_AGE = b"age-encryption.org/"
BESIDE = "ledger-key"  # seals the ledger for ever: without it nobody could check what came back
_LARGEST_MANIFEST = 2**20
_SYSTEM = re.compile(r"(?:Errno|os error) (\d+)")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    attunement: str
    payload: str
    tables: Tables
    format: int = FORMAT


def seal(payload: Path, manifest: Manifest, key: x25519.Identity, *, beside: Path, into: Path, by_way_of: Path) -> None:
    """Write the encrypted file and see it onto the disk; what is readable never leaves `by_way_of`, a private folder."""
    packed = by_way_of / "packed.tar.gz"
    with tarfile.open(packed, "w:gz", compresslevel=3) as tar:
        said = json.dumps(asdict(manifest), indent=1).encode()
        about = tarfile.TarInfo(_MANIFEST)
        about.size, about.mode = len(said), 0o600
        tar.addfile(about, io.BytesIO(said))
        tar.add(payload, manifest.payload, filter=_anonymous)
        if beside.exists():
            tar.add(beside, BESIDE, filter=_anonymous)
    try:
        with packed.open("rb") as plain, into.open("wb") as sealed:
            pyrage.encrypt_io(plain, sealed, [key.to_public()])
            sealed.flush()
            os.fsync(sealed.fileno())
    except pyrage.EncryptError as error:  # it wraps the system's own words
        raise _meaning(error, into) from error
    finally:
        packed.unlink()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def unseal(sealed: Path, key: x25519.Identity, *, into: Path) -> tuple[Manifest, Path]:
    """Open a backup in the private folder `into`; every way in which it can be wrong is one plain line."""
    packed = into / "packed.tar.gz"
    _decrypt(sealed, packed, key)
    try:
        with tarfile.open(packed, "r:gz") as tar:
            manifest = _manifest(tar, sealed)
            where = into / manifest.payload
            _take_out(tar, manifest.payload, where)
            if BESIDE in tar.getnames():
                _take_out(tar, BESIDE, into / BESIDE)
    except (tarfile.TarError, zlib.error, EOFError, KeyError) as error:
        raise NotReadable("this opens, but holds no backup of Attunement", place=str(sealed)) from error
    finally:
        packed.unlink(missing_ok=True)
    return manifest, where


def _take_out(tar: tarfile.TarFile, name: str, where: Path) -> None:
    found = tar.extractfile(name)
    if found is None:
        raise KeyError(name)
    with found, where.open("wb") as file:
        while block := found.read(2**20):
            file.write(block)
    os.chmod(where, 0o600)


def _decrypt(sealed: Path, packed: Path, key: x25519.Identity) -> None:
    try:
        with sealed.open("rb") as file:
            if file.read(len(_AGE)) != _AGE:
                raise NotReadable("this is no backup", place=str(sealed), remedy="its name ends in .tar.gz.age")
            file.seek(0)
            with packed.open("wb") as plain:
                pyrage.decrypt_io(file, plain, [key])
    except FileNotFoundError as error:
        raise NotReadable("there is no such file", place=str(sealed)) from error
    except IsADirectoryError as error:
        raise NotReadable("this is a folder", place=str(sealed), remedy="name one backup in it") from error
    except (pyrage.DecryptError, OSError) as error:
        raise _meaning(error, sealed) from error


def _meaning(error: Exception, sealed: Path) -> Exception:
    """pyrage says an altered block as an OSError without a number, and a full disk as text."""
    if getattr(error, "errno", None):
        return error
    if system := _SYSTEM.search(str(error)):
        return OSError(int(system[1]), os.strerror(int(system[1])))
    if "No matching keys" in str(error):
        remedy = "name the right key's file with --key"
        return NotReadable("this key does not open this backup", place=str(sealed), remedy=remedy)
    return NotReadable("this backup is cut off or damaged", place=str(sealed), remedy="take another backup")


def _manifest(tar: tarfile.TarFile, sealed: Path) -> Manifest:
    about = tar.getmember(_MANIFEST)
    file = tar.extractfile(about)
    if file is None or about.size > _LARGEST_MANIFEST:
        raise KeyError(_MANIFEST)
    try:
        told: dict[str, Any] = json.loads(file.read())
        if told["format"] != FORMAT:
            remedy = "use the Attunement that made it, or a newer one"
            raise NotReadable("this backup is of a kind we do not know", place=str(sealed), remedy=remedy)
        manifest = Manifest(**told)
    except (ValueError, TypeError) as error:
        raise KeyError(_MANIFEST) from error
    if manifest.payload not in {"db.sqlite3", "db.dump"}:
        raise KeyError(manifest.payload)
    return manifest
