"""Honest files of 100 MiB, each read in a process of its own: seconds, and memory above the process with the bytes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tests.safety.apart import memory, reset

from attunement.errors import NotReadable
from attunement.formats import read
from soak.readers.honest import MAKERS, of_size

MIB = 2**20
SIZE = 100 * MIB
SECONDS, MOST_MIB = 60, 256
ROOT = Path(__file__).parents[2]


def main(only: Sequence[str]) -> int:
    found = []
    for name in MAKERS:
        if name in only:
            done = subprocess.run(
                [sys.executable, "-m", "soak.readers.large", name],
                capture_output=True,
                text=True,
                cwd=ROOT,
                check=False,
            )
            if done.returncode:
                found.append({"format": name, "ended": done.returncode, "said": done.stderr[-300:], "holds": False})
            else:
                found.append(json.loads(done.stdout))
            print(found[-1], flush=True)
    (ROOT / "results").mkdir(exist_ok=True)
    goals = {"seconds": SECONDS, "mib_above_the_bytes": MOST_MIB}
    text = json.dumps({"goals": goals, "formats": found}, indent=2)
    (ROOT / "results" / "large.json").write_text(text + "\n", encoding="utf-8")
    return int(not all(one["holds"] for one in found))


def measured(format: str) -> dict[str, object]:
    """Reads the file from disk, as `read` does; the bytes themselves count to the base, for every reader needs them."""
    import_module(f"attunement.formats.{format}")
    path = Path(ROOT / ".venv" / f"large-{MAKERS[format][0]}")
    path.write_bytes(of_size(format, SIZE))
    size = path.stat().st_size / MIB
    try:
        base, began, spent = reset(), time.perf_counter(), time.process_time()
        found = read(path)
        rows = len(found.session.events)
        said = ""
    except NotReadable as error:
        rows, said = 0, str(error)
    finally:
        path.unlink()
    seconds, processor, above = time.perf_counter() - began, time.process_time() - spent, memory("VmHWM") - base - size
    return {
        "format": format, "mib": round(size), "rows": rows, "said": said, "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1), "mib_above_the_bytes": round(above),
        "mib_of_answer": round(memory("VmRSS") - base),
        "holds": not said and processor < SECONDS and above < MOST_MIB,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
