"""Makes an encrypted backup of this household, opened again before it counts: `attunement backup`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from attunement import __version__
from attunement.errors import AttunementError, NotReadable, WrongUse
from attunement_web.site.keeping import counting, key, parcel, shelf
from attunement_web.site.keeping.household import backups_of, folder_of, settings_of


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that was opened and found whole."""

    path: Path
    tables: counting.Tables
    gone: int
    is_first_key: bool

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())


def main(argv: Sequence[str]) -> int:
    """0 kept and opened; 2 it could not be made; 4 the database is damaged. The backups of before stay as they are."""
    wanted = _arguments().parse_args(argv)
    try:
        data = folder_of(wanted.data)
        os.umask(0o077)
        kept = make_backup(data, wanted.to or backups_of(data), settings_of(data), now=datetime.now(UTC))
    except AttunementError as error:
        print(f"attunement backup: {error}", file=sys.stderr)
        return int(error.exit_code)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        print(f"attunement backup: no backup was made: {why}; former backups are untouched", file=sys.stderr)
        return int(WrongUse.exit_code)
    _tell(kept, data / key.NAME)
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attunement backup",
        description="Keep an encrypted copy of this household, opened again before it counts.",
    )
    parser.add_argument("--data", type=Path, help="the household's folder (the one that attunement serve uses)")
    parser.add_argument("--to", type=Path, help="where backups go (default: backups in the household's folder)")
    return parser


def _tell(kept: Kept, key_file: Path) -> None:
    print(f"Kept and opened again: {kept.path} ({kept.rows} rows in {len(kept.tables)} tables)")
    if kept.is_first_key:
        print(
            f"\nA key was made for your backups: {key_file}\n"
            "Please keep a copy of this file somewhere else: on paper, on another machine, in a password store.\n"
            "Without it no backup can be opened, by nobody, not by us either.",
            flush=True,
        )


def make_backup(data: Path, folder: Path, settings: dict[str, Any], *, now: datetime) -> Kept:
    """Copy, encrypt, open the finished file again, and only then give it its name; then throw away what is not kept."""
    engine = engine_of(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with shelf.workshop(data, folder) as private:
        identity, is_first = key.key_of(data)
        payload, tables = engine.copy(settings, private)
        half = folder / f"{shelf.WORKSHOP}{shelf.name_for(now)}{shelf.HALF}"
        manifest = parcel.Manifest(
            now.astimezone(UTC).isoformat(timespec="seconds"), __version__, engine.PAYLOAD, tables
        )
        try:
            parcel.seal(payload, manifest, identity, beside=data / parcel.BESIDE, into=half, by_way_of=private)
            payload.unlink()
            _opens(half, identity, manifest, private)
            path = half.rename(folder / shelf.name_for(now))
        finally:
            half.unlink(missing_ok=True)
        shelf.settle(folder)
        return Kept(path, tables, len(shelf.tidy(folder, now)), is_first)


def _opens(half: Path, identity: Any, manifest: parcel.Manifest, private: Path) -> None:
    """A backup nobody has opened is a hope."""
    key_file = key.read_key(private.parent / key.NAME)  # as it lies on the disk, not as we remember it
    if str(key_file) != str(identity):
        raise NotReadable("the key on the disk is another than the one we used", place=key.NAME)
    told, opened = parcel.unseal(half, key_file, into=private)
    other = counting.unlike(manifest.tables, engine_for(opened.name).count(opened, half))
    other += [parcel.BESIDE] if _bytes(private.parent / parcel.BESIDE) != _bytes(private / parcel.BESIDE) else []
    if told != manifest or other:
        raise NotReadable(f"the new backup does not hold what the household holds ({', '.join(other)})")


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def engine_of(settings: dict[str, Any]) -> ModuleType:
    return engine_for("db.sqlite3" if "sqlite" in settings["ENGINE"] else "db.dump")


def engine_for(payload: str) -> ModuleType:
    from attunement_web.site.keeping import in_file, in_postgresql

    return in_file if payload == in_file.PAYLOAD else in_postgresql
