"""Takes limits upon itself, then becomes the command that it was given. Standard library only; POSIX only.

`python -I -S limits.py '{"RLIMIT_CPU": 20, "seconds": 30}' COMMAND ...`. Whatever the command starts inherits the limits.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys


def main() -> None:
    limits: dict[str, int] = json.loads(sys.argv[1])
    signal.alarm(limits.pop("seconds"))  # outlives exec: even without its parent, the command ends
    for name, most in limits.items():
        _limit(getattr(resource, name), most)
    os.execv(sys.argv[2], sys.argv[2:])


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
