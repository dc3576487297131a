"""A PostgreSQL of one's own for tests and harnesses: made in a temporary folder, met on its socket, gone afterwards.

    with cluster() as postgres:              # durable, as in real use; the site refuses cluster(durable=False)
        os.environ["DATABASE_URL"] = postgres.new_database()
        postgres.kill()                      # -9 to every process of it, as when the machine stops
        postgres.start()                     # up again, once it has repaired itself

`python -m tests.postgres COMMAND ...` runs a command with ATTUNEMENT_TEST_DATABASE naming such a cluster.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

OWNER = "attunement"  # the role that owns every database of ours; as in real use it may do no more than that
SUPERUSER = "postgres"  # for what looks at the cluster itself
DEBIAN = Path("/usr/lib/postgresql")
MANY_LOCKS = "max_locks_per_transaction=2048"  # thousands of requests of one test share a transaction, each a savepoint
FORGETFUL = ("fsync=off", "full_page_writes=off")  # to see that the site refuses it
STARTS_WITHIN = 60  # seconds, repair after a kill included
# Ends the cluster and removes its folder when whoever started it is killed: its standard input then ends.
WATCH = (
    'cat >/dev/null; kill -QUIT "$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)" 2>/dev/null; sleep 1; rm -rf "$0"'
)


class NoPostgres(Exception):
    """There are no binaries of PostgreSQL on this machine."""


@dataclass
class Cluster:
    """One running server; `port` only names its socket in a folder of its own, so that no two ever clash."""

    folder: Path
    durable: bool
    port: int = 5432
    settings: tuple[str, ...] = ()
    _made: int = field(default=0, repr=False)
    _server: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres", *, role: str = OWNER) -> str:
        return f"postgresql://{role}@{quote(str(self.folder), safe='')}:{self.port}/{database}"

    def new_database(self, name: str | None = None, *, like: str = "template1") -> str:
        """The address of an empty database, or of a copy of one of the same cluster."""
        self._made += 1
        name = name or f"{OWNER}_{os.getpid()}_{self._made}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return self.url(name)

    def start(self) -> None:
        """A child of ours, so that nothing of it stays behind as a zombie that looks alive."""
        wanted = [f"port={self.port}", "listen_addresses=", f"unix_socket_directories={self.folder}", *self.settings]
        if not self.durable:
            wanted += FORGETFUL
        options = [part for each in wanted for part in ("-c", each)]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [program("postgres"), "-D", str(self.data), *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **_not_root(),
            )  # fmt: skip
        patience = time.monotonic() + STARTS_WITHIN
        while not self._is_ready():
            if self._server.poll() is not None or time.monotonic() > patience:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def make_owner(self) -> None:
        with psycopg.connect(self.url(role=SUPERUSER), autocommit=True) as connection:
            connection.execute(f'CREATE ROLE "{OWNER}" LOGIN CREATEDB')

    def _is_ready(self) -> bool:
        try:
            told = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        server = self._server
        return server is not None and told[:1] == [str(server.pid)] and len(told) > 7 and told[7].strip() == "ready"

    def stop(self) -> None:
        """In order, which ends what is connected; nothing when it is down already."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(STARTS_WITHIN)

    def pids(self) -> list[int]:
        """The server and its children, from Linux's own list; none when it is down."""
        if self._server is None or self._server.poll() is not None:
            return []
        return [self._server.pid, *(pid for pid, parent in _parents() if parent == self._server.pid)]

    def kill(self) -> None:
        """Kill -9 the whole tree at once, and wait until none of it is left."""
        gone = self.pids()
        for pid in gone:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._server is not None:
            self._server.wait(STARTS_WITHIN)
        patience = time.monotonic() + STARTS_WITHIN
        while any(_is_there(pid) for pid in gone):
            if time.monotonic() > patience:
                raise TimeoutError(f"killed, and still there: {gone}")
            time.sleep(0.01)


@contextmanager
def cluster(*, durable: bool = True, port: int = 5432, settings: Sequence[str] = ()) -> Iterator[Cluster]:
    """A fresh server with data checksums; `settings` like "max_connections=40". Raises NoPostgres."""
    folder = Path(tempfile.mkdtemp(prefix="attunement-pg-", dir="/tmp"))  # a socket's path has at most 107 characters
    made = Cluster(folder, durable, port, tuple(settings))
    watch = None
    try:
        _own(folder)
        _initialise(made)
        watch = subprocess.Popen(["sh", "-c", WATCH, str(folder)], stdin=subprocess.PIPE, start_new_session=True)
        made.start()
        made.make_owner()
        yield made
    finally:
        made.stop()
        if watch is not None:
            watch.kill()
            watch.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def program(name: str) -> str:
    """Where one of PostgreSQL's programs lies: beside the newest server found."""
    found = shutil.which(name)
    versions = sorted(DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    found = next((str(path / name) for path in versions if (path / name).exists()), found)
    if found is None:
        raise NoPostgres(f"no {name} here: install PostgreSQL, on Debian and Ubuntu: apt install postgresql")
    return found


def _initialise(made: Cluster) -> None:
    command = [
        program("initdb"), "-D", str(made.data), "-U", SUPERUSER, "--auth=trust", "--data-checksums", "--encoding=UTF8",
        "--locale=C", "--no-sync",  # nothing worth keeping is in it before its first start
    ]  # fmt: skip
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **_not_root())
    if ran.returncode:
        raise RuntimeError(f"initdb: {ran.stderr}")


def _not_root() -> dict[str, Any]:
    """How its programs are run: PostgreSQL refuses root."""
    person = _somebody()
    other = {} if person is None else {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    return {"cwd": "/", "env": {**os.environ, "LC_ALL": "C"}, **other}


def _somebody() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _own(folder: Path) -> None:
    person = _somebody()
    if person is not None:
        os.chown(folder, person.pw_uid, person.pw_gid)


def _parents() -> Iterator[tuple[int, int]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(path.parent.name), int(path.read_text().rpartition(")")[2].split()[1])


def _is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    try:
        with cluster(settings=(MANY_LOCKS,)) as postgres:
            named = {**os.environ, "ATTUNEMENT_TEST_DATABASE": postgres.new_database(OWNER)}
            code = subprocess.run(sys.argv[1:], env=named).returncode
    except NoPostgres as error:
        print(f"tests.postgres: {error}", file=sys.stderr)
        code = 2
    sys.exit(code)
