"""`attunement serve` as shipped, in processes that can be seen, killed and told apart from those of an earlier life."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-c", "import sys; from attunement_web.site.serve import main; sys.exit(main(sys.argv[1:]))"]
SUMMARIES = [sys.executable, "-c", SERVE[2].replace("site.serve", "site.summaries")]
READY = "Attunement is ready"
READY_WITHIN = 90  # seconds, on the slowest machine and beside other work
COMPILED = Path(sys.prefix) / "compiled"  # kept between runs, so that a server is up again in two seconds
GONE_WITHIN = 10  # seconds; a worker leaves within one second of its parent


class ProvesNothing(Exception):
    """The harness itself went wrong: what it counted says nothing about the product."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process and the tick in which it began, so that a number used again is no mistake."""

    pid: int
    began: str

    @property
    def lives(self) -> bool:
        return seen(self.pid) == self


def seen(pid: int) -> Process | None:
    """None when there is no such process, or only its remains."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if status[0] in "ZX" else Process(pid, status[19])


def children(pid: int) -> list[int]:
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += [int(one) for one in (task / "children").read_text().split()]
    return found


@dataclass
class Server:
    """One household's server. `wrap` is a command that runs it (a tracer); `more` is added to its environment."""

    data: Path
    port: int
    more: Mapping[str, str] = field(default_factory=dict)
    wrap: tuple[str, ...] = ()
    _started: subprocess.Popen[str] | None = field(default=None, repr=False)
    _lines: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue, repr=False)

    @property
    def errors(self) -> Path:
        return self.data.parent / f"{self.data.name}.stderr"

    def start(self) -> None:
        """Start, and wait for nothing."""
        self._lines = queue.SimpleQueue()
        command = [*self.wrap, *SERVE, "--port", str(self.port), "--data", str(self.data)]
        with self.errors.open("ab") as errors:
            self._started = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT,
                env=surroundings(self.data, self.more), start_new_session=True,
            )  # fmt: skip
        threading.Thread(target=_read, args=(self._started, self._lines), daemon=True).start()

    def ready(self) -> None:
        """Wait for its one line."""
        ends = time.monotonic() + READY_WITHIN
        while time.monotonic() < ends:
            with suppress(queue.Empty):
                line = self._lines.get(timeout=0.1)
                if READY in line:
                    return
            if self._started is None or self._started.poll() is not None:
                break
        raise ProvesNothing(f"the server on port {self.port} did not start: {self.last_words()}")

    def last_words(self) -> str:
        return " / ".join(self.errors.read_text(errors="replace").strip().splitlines()[-3:])

    def answers(self, path: str = "/sign-in/", cookie: str = "") -> int:
        """Wait until a page comes back, from whichever worker; its status."""
        ends = time.monotonic() + READY_WITHIN
        while time.monotonic() < ends and self.main is not None:
            page = HTTPConnection("127.0.0.1", self.port, timeout=READY_WITHIN)
            with suppress(OSError, HTTPException):
                page.request("GET", path, headers={"Cookie": cookie})
                return page.getresponse().status
            page.close()
            time.sleep(0.02)
        raise ProvesNothing(f"nobody answers on port {self.port}")

    @property
    def main(self) -> Process | None:
        """`attunement serve` itself, below the tracer where there is one."""
        if self._started is None:
            return None
        below = children(self._started.pid) if self.wrap else [self._started.pid]
        return seen(below[0]) if below else None

    @property
    def below(self) -> list[Process]:
        """Every child of it: the worker, and what Python keeps beside it."""
        parent = self.main
        return [found for pid in children(parent.pid) if (found := seen(pid))] if parent else []

    @property
    def worker(self) -> Process | None:
        return next((one for one in self.below if is_worker(one.pid)), None)

    def summaries(self) -> subprocess.CompletedProcess[str]:
        """`attunement summaries`: does each day's summary equal its moments?"""
        command = [*SUMMARIES, "--data", str(self.data)]
        environment = surroundings(self.data, self.more)
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)

    def gone(self, old: Iterable[Process]) -> None:
        """Wait for the end of each of them; one that stays was not killed."""
        ends = time.monotonic() + GONE_WITHIN
        while living := [one.pid for one in old if one.lives]:
            if time.monotonic() > ends:
                raise ProvesNothing(f"not killed: {living} still run on port {self.port}")
            time.sleep(0.005)
        if self._started is not None:
            self._started.poll()

    def end(self) -> None:
        """Kill what is left of it, without any ceremony."""
        kill(there := [one for one in [self.main, *self.below] if one])  # the parent first: it would put back a worker
        if self._started is not None:
            self.gone(there)
            try:
                self._started.wait(timeout=GONE_WITHIN)
            except subprocess.TimeoutExpired:
                self._started.kill()


def is_worker(pid: int) -> bool:
    with suppress(OSError):
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def kill(processes: Iterable[Process]) -> None:
    for one in processes:
        with suppress(ProcessLookupError):
            if one.lives:
                os.kill(one.pid, signal.SIGKILL)


def surroundings(data: Path, more: Mapping[str, str]) -> dict[str, str]:
    """The server's environment: nothing of ours but `more`; compiled files are kept.."""
    quiet = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("ATTUNEMENT_", "DJANGO_", "DATABASE_URL", "PYTHONDONTWRITE"))
    }
    return quiet | {"PYTHONPYCACHEPREFIX": str(COMPILED), **more}


def _read(started: subprocess.Popen[str], lines: queue.SimpleQueue[str]) -> None:
    assert started.stdout is not None
    for line in started.stdout:
        lines.put(line)


def owner_is(process: Process | None, connection: socket.socket) -> bool | None:
    """Whether the other end of a connection on this machine belongs to the process; None once it is too late to know."""
    if process is None:
        return None
    ours, theirs = connection.getsockname()[1], connection.getpeername()[1]
    wanted = (f"0100007F:{theirs:04X}", f"0100007F:{ours:04X}")
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    inode = next((line[9] for line in lines if (line[1], line[2]) == wanted), None)
    held = _sockets(process)
    return None if inode in (None, "0") or held is None else f"socket:[{inode}]" in held


def _sockets(process: Process) -> set[str] | None:
    found = set()
    try:
        for handle in os.scandir(f"/proc/{process.pid}/fd"):
            with suppress(OSError):
                found.add(os.readlink(handle.path))
    except OSError:
        return None
    return found if process.lives else None
