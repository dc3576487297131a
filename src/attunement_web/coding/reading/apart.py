"""Runs a command that may do anything with what it is given, in a process of its own, and ends it whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20
HAS_LIMITS = os.name == "posix"
STEP = 0.02  # seconds between two looks at a running command
LEFT_OVER = 120  # seconds after its last change a file in the folder of uploads is nobody's any more
_LIMITS = Path(__file__).with_name("limits.py")


@dataclass(frozen=True, slots=True)
class Limits:
    """Memory is address space, of which our own libraries reserve 450 MiB (and use 100) before a byte is read."""

    memory: int = 1_024 * MIB
    cpu_seconds: int = 20
    seconds: float = 30  # by the wall clock
    answer: int = 8 * MIB  # bytes; also the most that it may write to any one file
    open_files: int = 64

    def of_process(self) -> dict[str, int]:
        return {
            "RLIMIT_AS": self.memory, "RLIMIT_CPU": self.cpu_seconds, "RLIMIT_FSIZE": self.answer,
            "RLIMIT_NOFILE": self.open_files, "RLIMIT_CORE": 0, "seconds": int(self.seconds) + 5,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command wrote, its exit code, and the SHA-256 of what it was given."""

    code: int
    words: bytes
    given_sha256: str


class TookTooMuch(Exception):
    """It was ended: too long, too large an answer, or too much memory."""


def run(command: Sequence[str], given: Iterable[bytes], *, folder: Path | None, limits: Limits | None = None) -> Answer:
    """`command` (arguments of a fresh Python) reads `given` from standard input and answers on standard output.

    It has no environment of ours, no open file of ours, and works in a folder of its own below `folder` that is gone
    afterwards. Where the system knows limits (not on Windows) it cannot lift them. Raises TookTooMuch.
    """
    limits = limits or Limits()
    with _folder_of_its_own(folder) as own:
        mark = _written(given, own / "given")
        with (own / "given").open("rb") as source, (own / "answer").open("wb") as answer:
            process = subprocess.Popen(
                _limited(command, limits), stdin=source, stdout=answer, stderr=subprocess.DEVNULL, cwd=own,
                env=_environment(own), start_new_session=True,
            )  # fmt: skip
            try:
                _wait(process, own / "answer", limits)
            finally:
                _end(process)
        if process.returncode < 0 or (own / "answer").stat().st_size >= limits.answer:
            raise TookTooMuch
        return Answer(process.returncode, (own / "answer").read_bytes(), mark)


def sweep(folder: Path) -> None:
    """Remove what a server that was killed left lying in its folder of uploads."""
    for old in folder.iterdir():
        with suppress(FileNotFoundError):  # somebody else was quicker
            if time.time() - old.lstat().st_mtime < LEFT_OVER:
                continue
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.unlink()


def _limited(command: Sequence[str], limits: Limits) -> list[str]:
    python = [sys.executable, "-I"]
    if not HAS_LIMITS:
        return [*python, *command]
    return [*python, "-S", str(_LIMITS), json.dumps(limits.of_process()), *python, *command]


def _environment(own: Path) -> Mapping[str, str]:
    """Nothing of ours: a place for temporary files; one thread and one arena for libraries, which reserve less memory."""
    plain = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(own))
    plain |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "MALLOC_ARENA_MAX"), "1")
    if os.name == "nt":
        plain["SYSTEMROOT"] = os.environ["SYSTEMROOT"]  # Windows starts no Python without it
    return plain


def _wait(process: subprocess.Popen[bytes], answer: Path, limits: Limits) -> None:
    ends = time.monotonic() + limits.seconds
    while process.poll() is None:
        if time.monotonic() > ends or answer.stat().st_size > limits.answer:
            raise TookTooMuch
        time.sleep(STEP)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The whole process group, so that nothing it started stays."""
    if HAS_LIMITS:
        with suppress(ProcessLookupError):  # all of it has ended
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


@contextmanager
def _folder_of_its_own(folder: Path | None) -> Iterator[Path]:
    """Only its owner may look inside (mkdtemp). What a killed server left behind goes first."""
    if folder is not None:
        sweep(folder)
    own = Path(tempfile.mkdtemp(prefix="reading-", dir=folder))
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _written(given: Iterable[bytes], path: Path) -> str:
    """Keep `given` where the command finds it; its SHA-256 in hexadecimal."""
    mark = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in given:
            file.write(chunk)
            mark.update(chunk)
    return mark.hexdigest()
