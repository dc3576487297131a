"""Imports the modules named in its first argument and writes to the file of the second what each did to the world.

Runs in a process of its own, started by test_imports.py.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

LOUD = {"os.mkdir", "os.remove", "os.rename", "os.chmod", "os.system", "subprocess.Popen"}
LOUD |= {"socket.bind", "socket.connect", "socket.getaddrinfo"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

deeds: list[str] = []


def hear(event: str, given: tuple[object, ...]) -> None:
    if event in LOUD or (event == "open" and writes(*given) and given[0] != os.devnull):
        deeds.append(f"{event} {given[0]!r}")


def writes(_path: object, mode: object, flags: object) -> bool:
    return bool(set(mode or "") & set("wax+") or int(flags or 0) & WRITING)


def watched(run: Callable[[], object]) -> list[str]:
    deeds.clear()
    threads = threading.active_count()
    try:
        run()
    except SystemExit as left:
        deeds.append(f"sys.exit({left.code!r})")
    except Exception as error:
        deeds.append(f"{type(error).__name__}: {error}")
    if threading.active_count() > threads:
        deeds.append("a thread is left running")
    return list(deeds)


def main(names: list[str], result: Path) -> None:
    import django

    sys.addaudithook(hear)
    found = {"django.setup()": watched(django.setup)}
    found |= {name: watched(partial(import_module, name)) for name in names}
    result.write_text(json.dumps({name: done for name, done in found.items() if done}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), Path(sys.argv[2]))
