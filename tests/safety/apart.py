"""Hostile files one by one, each in a process of its own: what became of it, in how much time and memory.

`python -m tests.safety.apart NUMBER STEP` takes every STEP-th file from NUMBER on; the answers are lines of JSON.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import sys
import time
from importlib import import_module
from pathlib import Path

from tests.safety.corpus import corpus
from tests.safety.hostile import Case
from tests.safety.judged import Unsound, judged
from tests.safety.samples import samples

from attunement.errors import NotReadable

LONGEST = 20  # seconds by the wall; a file that takes them hangs


def main(number: int, step: int) -> None:
    cases = corpus()
    for name in samples():
        import_module(f"attunement.formats.{name}")  # imported once, used only in the children
    for at in range(number, len(cases), step):
        print(json.dumps({"at": at, **_apart(cases[at])}), flush=True)


def _apart(case: Case) -> dict[str, object]:
    theirs, ours = os.pipe()
    child = os.fork()
    if not child:
        os.close(theirs)
        os.write(ours, json.dumps(_met(case)).encode())
        os._exit(0)
    os.close(ours)
    ready, _, _ = select.select([theirs], [], [], LONGEST)
    if not ready:
        os.kill(child, signal.SIGKILL)
    answer = b"".join(iter(lambda: os.read(theirs, 2**16), b"")) if ready else b""
    os.close(theirs)
    _, status = os.waitpid(child, 0)
    found: dict[str, object] = json.loads(answer) if answer else {"fate": "ended", "said": f"status {status}"}
    return found


def _met(case: Case) -> dict[str, object]:
    data = case.make()
    base, began = reset(), time.process_time()
    fate, said, issues = "unsound", "", list[str]()
    try:
        found = judged(data, case.file)
        if isinstance(found, NotReadable):
            fate, said = "refused", str(found)
        else:
            fate, issues = "read", sorted({issue.code for reading in found for issue in reading.issues})
            said = "; ".join(f"{issue.place}: {issue.message}" for reading in found for issue in reading.issues)[:500]
    except Unsound as error:
        said = str(error)[:500]
    except BaseException as error:  # a panic of Polars is no Exception
        said = f"{type(error).__name__}: {error}"[:500]
    seconds, peak = time.process_time() - began, memory("VmHWM") - base
    return {"fate": fate, "said": said, "issues": issues, "seconds": round(seconds, 3), "mib": round(peak, 1)}


def reset() -> float:
    """MiB in use now, with the file in memory already; the system's peak begins anew from here."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return memory("VmRSS")


def memory(which: str) -> float:
    found = re.search(rf"{which}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
