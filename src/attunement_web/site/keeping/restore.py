"""Brings a household back from a backup, into a folder of its own: `attunement restore`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attunement.errors import AttunementError, NotReadable, WrongUse
from attunement_web.rights.reading import read_erased, write_erased
from attunement_web.site.keeping import counting, key, parcel, shelf
from attunement_web.site.keeping.backup import engine_for, engine_of
from attunement_web.site.keeping.household import settings_of
from attunement_web.site.ledger import CHECKPOINT
from attunement_web.site.rights.erase import erase_restored

RESTORED = "restored"  # in the data folder, until the site has started from it


def main(argv: Sequence[str]) -> int:
    """0 back again; 2 wrong use, a folder in use, or a full disk; 4 the backup does not open."""
    wanted = _arguments().parse_args(argv)
    try:
        manifest = _restore(wanted.file, wanted.data.expanduser().absolute(), wanted.key)
    except AttunementError as error:
        print(f"attunement restore: {error}", file=sys.stderr)
        return int(error.exit_code)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        print(f"attunement restore: {error.filename or wanted.data}: {why}; nothing was brought back", file=sys.stderr)
        return int(WrongUse.exit_code)
    _tell(manifest, wanted.data)
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attunement restore", description="Bring a household back from a backup, into a folder of its own."
    )
    parser.add_argument("file", type=Path, help="the backup, attunement-....tar.gz.age")
    parser.add_argument("--data", type=Path, required=True, help="a new folder, in which the household will live")
    parser.add_argument("--key", type=Path, help=f"the key's file (default: {key.NAME} beside the backup or above it)")
    return parser


def begin_afresh(data: Path) -> None:
    """At the first start after a restore: what was erased is erased again, and what may have been ended since the backup
    gives no rights until a guardian says so. Phones have read what is no longer here, so they read everything again."""
    from attunement_web.api.actions import end_all_tokens
    from attunement_web.families.actions import begin_new_history, hold_back_offers
    from attunement_web.ledger.actions import line, record_all
    from attunement_web.ledger.models import SITE, Chain

    if not (data / RESTORED).exists():
        return
    erase_restored(data)
    held = hold_back_offers() | {"tokens": end_all_tokens()}
    begin_new_history()
    _set_aside_checkpoint(data)
    as_of = (data / RESTORED).read_text().strip() or "unknown"
    record_all([line("site.restored", Chain._meta.label_lower, SITE, None, as_of=as_of, **held)])
    (data / RESTORED).unlink()


def _set_aside_checkpoint(data: Path) -> None:
    """It was written of a ledger that went on after the backup. Held to it, what came back would seem to be cut."""
    written = data / CHECKPOINT
    if written.exists():
        written.replace(written.with_name(f"{CHECKPOINT}-before-restore"))


def _restore(file: Path, data: Path, key_file: Path | None) -> parcel.Manifest:
    identity = key.read_key(key_file or _key_near(file))
    made = [folder for folder in (data, *data.parents) if not folder.exists()]
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _bring_back(file, data, identity)
    except BaseException:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _key_near(file: Path) -> Path:
    near = [folder / key.NAME for folder in file.expanduser().absolute().parents[:2]]
    found = next((path for path in near if path.is_file()), None)
    if found is None:
        remedy = f"name the key's file with --key; it is called {key.NAME}"
        raise WrongUse("we found no key beside this backup", place=str(file), remedy=remedy)
    return found


def _bring_back(file: Path, data: Path, identity: Any) -> parcel.Manifest:
    settings = settings_of(data)
    engine_of(settings).refuse_used(settings)
    with tempfile.TemporaryDirectory(prefix=shelf.WORKSHOP, dir=data) as private:
        manifest, payload = parcel.unseal(file, identity, into=Path(private))
        engine = engine_for(manifest.payload)
        if engine is not engine_of(settings):
            remedy = "set DATABASE_URL for a backup of PostgreSQL, unset it for one of a household's file"
            raise WrongUse("this backup was made from another kind of database", place=str(file), remedy=remedy)
        _same(manifest, engine.count(payload, file), file)
        if (payload.parent / parcel.BESIDE).exists():
            shutil.move(payload.parent / parcel.BESIDE, data / parcel.BESIDE)
        _take_erasures(file, data)
        (data / RESTORED).write_text(manifest.made_at)
        _same(manifest, engine.put_back(payload, settings), data)
    key.write_key(data / key.NAME, identity)
    return manifest


def _take_erasures(file: Path, data: Path) -> None:
    """What was erased after this backup was made: the list lies beside the backup, or above it."""
    write_erased([data], read_erased(file.expanduser().absolute().parents[:2]))


def _same(manifest: parcel.Manifest, found: counting.Tables, place: Path) -> None:
    other = counting.unlike(manifest.tables, found)
    if other:
        what = f"what lies here is not what was kept ({', '.join(other)})"
        raise NotReadable(what, place=str(place), remedy="take another backup")


def _tell(manifest: parcel.Manifest, data: Path) -> None:
    rows = {name.removeprefix("public."): table["rows"] for name, table in manifest.tables.items()}
    people, children, moments = (rows.get(name, 0) for name in ("accounts_user", "families_child", "diary_moment"))
    print(
        f"Back again, as of {manifest.made_at[:16].replace('T', ' ')} UTC: {people} people, {children} children, "
        f"{moments} moments; every table is as it was kept.\n"
        f"Start it with: attunement serve --data {data}\n"
        "Everyone signs in once more; phones send what they still hold.\n"
        "What was ended since then came back too. So at the first start access of practitioners is paused, keys of other\n"
        "programs end, and links that wait open nothing, until a guardian says so again. Before you let others reach it,\n"
        "look who belongs to each child (attunement people list): who was taken out since then belongs again, and\n"
        "passwords and second steps are those of then."
    )
