"""`attunement serve --demo` in a folder of its own, started and killed at will, with a fault in its scripts if asked."""

from __future__ import annotations

import gzip
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

SERVE = [sys.executable, "-c", "import sys; from attunement_web.site.serve import main; sys.exit(main(sys.argv[1:]))"]
READY_WITHIN = 120  # seconds, on the slowest machine and beside other work
# What each fault puts in the place of what, in which script. "early" draws the word before it asks for the write, as a page
# that wants to feel quick; the views themselves show only what they read from the disk.
FAULTS = {
    "early": (
        "offline/ui/app.*.js",
        "const id = await attempt(() => kept(page, fields));",
        'if (page.moment) { place.replaceChildren(draw("saved", { waiting: true })); '
        "await new Promise((on) => setTimeout(on, 400)); } const id = await attempt(() => kept(page, fields));",
    ),
    "relaxed": ("offline/store/database.*.js", 'durability: "strict"', 'durability: "relaxed"'),
}


class Site:
    """One household's server and its folder."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port, self.url = data, port, f"http://localhost:{port}"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Its one-time link."""
        settings = {"ATTUNEMENT_DATA": str(self.data)}
        command = [*SERVE, "--demo", "--port", str(self.port), "--data", str(self.data)]
        piped = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "start_new_session": True}
        self._process = subprocess.Popen(command, env={**os.environ, **settings}, **piped)
        ends = time.monotonic() + READY_WITHIN
        while time.monotonic() < ends and (line := self._process.stdout.readline()):
            if found := re.search(r"http://\S+", line):
                return found[0]
        raise RuntimeError("the server did not come up")

    def kill(self) -> None:
        """As a power cut would end it: the phones hear nothing."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process.stdout.close()
        _gone(self.data)
        self._process = None

    def plant(self, fault: str) -> None:
        """Change the collected script, as a careless release would."""
        script, was, becomes = FAULTS[fault]
        [path] = (self.data / "static").glob(script)
        text = path.read_text()
        if was not in text:
            raise RuntimeError(f"{path.name} has no place for this fault any more")
        path.write_text(text.replace(was, becomes))
        for packed in path.parent.glob(f"{path.name}.*"):
            packed.write_bytes(gzip.compress(path.read_bytes()))

    def moments(self) -> dict[str, tuple[str, str, str]]:
        """Signal, acts and outcome of each noted moment, by its id."""
        with sqlite3.connect(self.data / "db.sqlite3") as database:
            rows = database.execute("SELECT id, signal, acts, outcome FROM diary_moment WHERE removed_at IS NULL")
            return {one: tuple(said) for one, *said in rows}


def _gone(data: Path) -> None:
    """The worker follows its parent by itself; it is in a group of its own."""
    mark = f"ATTUNEMENT_DATA={data}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)
        except (OSError, ValueError):
            continue
