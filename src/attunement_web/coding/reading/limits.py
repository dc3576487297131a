"""Takes limits upon itself, then becomes the command that it was given. Standard library only; POSIX only.

`python -I -S limits.py '{"RLIMIT_CPU": 20, "seconds": 30}' COMMAND ...`. Whatever the command starts inherits the limits.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # linux/sched.h


def main() -> None:
    limits: dict[str, int] = json.loads(sys.argv[1])
    _leave_network()
    signal.alarm(limits.pop("seconds"))  # outlives exec: even without its parent, the command ends
    for name, most in limits.items():
        _limit(getattr(resource, name), most)
    os.execv(sys.argv[2], sys.argv[2:])


def _leave_network() -> None:
    """Into a network of its own without any connection, where this Linux lets us; elsewhere nothing happens.

    The user namespace makes it possible without being root, and takes from root the right to lift limits.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def _limit(kind: int, most: int) -> None:
    """Soft and hard alike, so that it cannot be lifted again; never above what we were given ourselves."""
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except ValueError:
        if sys.platform != "darwin":  # its kernel knows no limit of memory; docs/explanation/reading-files.md says so
            raise


if __name__ == "__main__":
    main()
