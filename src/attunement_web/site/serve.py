"""Starts the site on this computer: `attunement serve`."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from attunement.errors import AttunementError, WrongUse
from attunement_web.actor import unscoped
from attunement_web.site import reach

STOPS_WITHIN = 20  # seconds for those under way; whoever takes longer was told nothing, and nothing of it is kept
ANSWERS_WITHIN = 60  # seconds, on the slowest machine we know
THREADS = 32  # as many requests may wait for one commit, or for a page; one process writes, see sqlite/base.py


def main(argv: Sequence[str]) -> int:
    """Serve until stopped; 0 after a clean stop, 2 with one line on stderr when it cannot start."""
    wanted = _arguments().parse_args(argv)
    try:
        reached = reach.checked(wanted.host, wanted.port, wanted.name, wanted.certificate, wanted.key)
        token = _prepare(_folder(wanted.data or usual_folder(demo=wanted.demo)), reached, demo=wanted.demo)
    except AttunementError as error:
        print(f"attunement serve: {error}", file=sys.stderr)
        return int(error.exit_code)
    except ImproperlyConfigured as error:
        print(f"attunement serve: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return _run(reached, token, demo=wanted.demo)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="attunement serve", description="Start Attunement on this computer.")
    parser.add_argument("--port", type=int, default=8000, help="where the page is found (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; beyond this computer only by HTTPS")
    parser.add_argument("--name", help="the name others reach it by over HTTPS, like baby.example.org")
    parser.add_argument("--certificate", type=Path, help="PEM file: the name's certificate, then those who signed it")
    parser.add_argument("--key", type=Path, help="PEM file: the certificate's key, which only you can read")
    parser.add_argument("--data", type=Path, help=f"folder in which this household lives (default {usual_folder()})")
    parser.add_argument("--demo", action="store_true", help="show an invented family, in a folder of its own")
    return parser


def usual_folder(*, demo: bool = False) -> Path:
    """An invented family never moves in with a real one."""
    home = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".local" / "share"
    return Path(home) / ("attunement-demo" if demo else "attunement")


def _folder(wanted: Path) -> Path:
    """The household's folder, made when it is not there; only its owner may look in."""
    folder = wanted.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        trial = folder / f".writable-{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        remedy = "choose a folder of your own with --data"
        raise WrongUse("we cannot write in this folder", place=str(folder), remedy=remedy) from error
    return folder


@unscoped("the start looks after every record")
def _prepare(data: Path, reached: reach.Reach, *, demo: bool) -> str:
    """Bring database and static files up to date; the token of a fresh one-time link."""
    reached.tell_settings()
    os.environ["ATTUNEMENT_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "attunement_web.site.settings"
    os.umask(0o077)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import DatabaseError, connection, connections
    from django.utils import timezone

    from attunement_web.accounts.actions import make_sign_in_link, person_of_household
    from attunement_web.coding.actions import forget_old
    from attunement_web.coding.reading.apart import sweep
    from attunement_web.diary.actions import forget_removed
    from attunement_web.site import logs, native, running
    from attunement_web.site.demo import build_once
    from attunement_web.site.keeping.restore import begin_afresh
    from attunement_web.site.storage import collect_when_changed

    running.serve_from(data)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        begin_afresh(data)
        collect_when_changed()
        forget_removed(now=timezone.now())
        forget_old(now=timezone.now())
        sweep(data / "uploads")
        person = person_of_household()
        if demo:
            build_once(by=person)
        native.tell_weak_spots(connection.vendor)
        if reached.days_left is not None:
            logs.tell("certificate.ends-soon", level=logging.WARNING, days=reached.days_left)
        return make_sign_in_link(person=person, by=None)
    except DatabaseError as error:
        raise _cannot_open(error, data) from error
    finally:
        connections.close_all()


def _cannot_open(error: Exception, data: Path) -> WrongUse:
    said = f"we cannot open the database: {str(error).strip().partition(chr(10))[0]}"
    if os.environ.get("DATABASE_URL"):
        return WrongUse(said, place="DATABASE_URL", remedy="does PostgreSQL run there, and is the address right?")
    remedy = "is it from a newer Attunement, or damaged? Keep a copy, then choose another folder with --data"
    return WrongUse(said, place=str(data / "db.sqlite3"), remedy=remedy)


def _run(reached: reach.Reach, token: str, *, demo: bool) -> int:
    from django.conf import settings
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from attunement_web.site import logs
    from attunement_web.site.keeping import nightly

    multiprocessing.set_start_method("spawn", force=True)  # a fork would carry threads and database handles along
    server = Granian(
        "attunement_web.site.worker:begin",
        factory=True,
        address=reached.host,
        port=reached.port,
        ssl_cert=reached.certificate,
        ssl_key=reached.key,
        http=HTTPModes.http1,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN,
        log_level=LogLevels.error,
        log_dictconfig={"formatters": settings.LOGGING["formatters"], "handlers": settings.LOGGING["handlers"],
                        "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}}},
    )  # fmt: skip
    silent, stop = threading.Event(), threading.Event()
    logs.watch_threads()
    if settings.DATA and not demo:
        nightly.keep_watch(settings.DATA, stop)
        nightly.each_hour(settings.DATA, stop)
    threading.Thread(target=_tell_when_ready, args=(reached, token, silent), daemon=True).start()
    server.serve()
    stop.set()
    if settings.DATA:
        nightly.mark_ledger(settings.DATA)
    _settle()
    return 2 if silent.is_set() else 0


def _settle() -> None:
    """Everybody was answered and has left: what stands in the write-ahead log goes where it belongs."""
    from django.db import Error, connection

    if connection.vendor == "sqlite":
        with suppress(Error), connection.cursor() as cursor:  # nothing is lost without it; the next start does the same
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _tell_when_ready(reached: reach.Reach, token: str, silent: threading.Event) -> None:
    """Print the one line once a page answers; give up when none does."""
    for _ in range(ANSWERS_WITHIN * 20):
        status = reached.answer()
        if status == HTTPStatus.OK:
            print(f"Attunement is ready: {reached.address()}/enter/{token}/", flush=True)
            return
        if status:
            break
        time.sleep(0.05)
    silent.set()
    print(f"attunement serve: no page answers on port {reached.port}; the lines above say why", file=sys.stderr)
    os.kill(os.getpid(), signal.SIGINT)
