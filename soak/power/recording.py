"""Runs the real server under strace while phones note: what it did to its files and what it answered, in one order."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from soak.crash.phones import BATCH, Life, Page, Phone, Push
from soak.crash.prepare import Household, prepared
from soak.crash.server import ProvesNothing, Server
from soak.crash.storage import with_fault

FILES = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-journal")
# Everything that changes a file, a directory or a socket; calls that we cannot replay are watched so that none goes unseen.
CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,fsync,fdatasync,sync_file_range,"
    "ftruncate,truncate,fallocate,unlink,unlinkat,rename,renameat,renameat2,link,linkat,copy_file_range,sendfile,splice,"
    "mmap,io_uring_setup"
)
JOURNALS = {"wal": "", "delete": "delete"}
PLANTS = {"wal": "normal", "delete": "full"}  # the weaker setting of each journal


SETTLES = 0.5  # seconds in which the tracer writes down how the last calls returned


class NoTracer(Exception):
    """There is no strace here, or it may not look into a process."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The files as they were on the disk at first, the trace, and what the phones were told."""

    before: dict[str, bytes]
    after: dict[str, bytes]
    trace: Path
    data: Path
    sent: frozenset[str]
    acknowledged: frozenset[str]
    devices: dict[str, dict[int, str]]  # of a push: the moment of each number in its row


def tracer() -> str:
    """strace, where it works."""
    found = shutil.which("strace")
    if found is None:
        raise NoTracer("strace is not installed")
    trial = subprocess.run(
        [found, "-f", "-e", "trace=openat", "-o", "/dev/null", "true"], capture_output=True, text=True
    )
    if trial.returncode:
        raise NoTracer(f"strace may not trace here: {trial.stderr.strip()[:200]}")
    return found


def record(folder: Path, journal: str, *, plant: bool, moments: int, port: int, seed: int) -> Recording:
    """At least so many moments, noted by the form, one by one and in batches."""
    data = folder / "household"
    more = with_fault(PLANTS[journal] if plant else "", journal=JOURNALS[journal])
    household = prepared(data, more)
    trace = folder / "trace"
    wrap = (tracer(), "-f", "--seccomp-bpf", "-y", "-xx", "-s", "70000", "-o", str(trace), "-e", f"trace={CALLS}")
    server = Server(data, port, more, wrap=wrap)
    before = _files(data)
    try:
        server.start()
        server.ready()
        phones = _note(server, household, moments, random.Random(seed))
    finally:
        server.end()
    told = {item.id for phone in phones for item in phone.acknowledged}
    sent = {item.id for phone in phones for item in phone.sent.values()}
    return Recording(before, _files(data), trace, data, frozenset(sent), frozenset(told), _devices(phones))


def _note(server: Server, household: Household, moments: int, chance: random.Random) -> list[Phone]:
    server.answers(*household.timeline)
    worker = server.worker
    if worker is None:
        raise ProvesNothing("the traced server has no worker")
    life = Life(1, server.port, worker)
    first, second = household.children
    one, other = household.tokens
    ways = [Page(household, first), Page(household, second), Push(one, first), Push(other, second, size=BATCH)]
    phones = [Phone(way, random.Random(chance.random())) for way in ways]
    for phone in phones:
        phone.start()
        phone.begin(life)
    ends = time.monotonic() + 120
    while life.acknowledged < moments and time.monotonic() < ends:
        time.sleep(0.02)
    for phone in phones:
        phone.finish(life)
    server.answers()
    time.sleep(SETTLES)
    troubles = [said for phone in phones for said in phone.troubles]
    if troubles or life.acknowledged < moments or life.proven < 1:
        raise ProvesNothing(
            f"{life.acknowledged} of {moments} were acknowledged; {troubles[:1]}; {server.last_words()}"
        )
    return phones


def _devices(phones: list[Phone]) -> dict[str, dict[int, str]]:
    """A device's numbers follow the order in which its moments were acknowledged."""
    return {
        phone.way.device: {number: item.id for number, item in enumerate(phone.acknowledged, start=1)}
        for phone in phones
        if isinstance(phone.way, Push)
    }


def _files(data: Path) -> dict[str, bytes]:
    return {name: (data / name).read_bytes() for name in FILES if (data / name).exists()}
