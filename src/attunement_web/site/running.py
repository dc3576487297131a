"""Tells whether the site runs on a household's folder: who serves shares the file `running`, who moves it has it alone.

The system lets go of the file when a process ends, however it ends, so nothing stays locked by a crash. Windows has
no such shared lock; there nobody is refused.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attunement.errors import WrongUse

FILE = "running"
_held: list[int] = []  # for as long as this process lives


def serve_from(data: Path) -> None:
    """From now on until this process ends, the household in this folder is in use. Raises WrongUse while it moves."""
    handle = _opened(data)
    if not _locked(handle, shared=True):
        os.close(handle)
        raise WrongUse("this household is being moved", place=str(data), remedy="wait until that command has ended")
    _held.append(handle)


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Nobody serves from this folder, or begins to, while this lasts. Raises WrongUse when somebody does."""
    handle = _opened(data)
    try:
        if not _locked(handle, shared=False):
            remedy = "stop it first, so that nothing is noted meanwhile"
            raise WrongUse("Attunement runs on this folder", place=str(data), remedy=remedy)
        yield
    finally:
        os.close(handle)


def _opened(data: Path) -> int:
    return os.open(data / FILE, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)


def _locked(handle: int, *, shared: bool) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
