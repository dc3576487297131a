"""A phone: a Chromium of its own with a folder of its own, which can be killed as the system kills an app."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UP_WITHIN = 60  # seconds
OPTIONS = ["--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--window-size=390,844"]  # fmt: skip
# Each write says how durable it asked to be; a killed process alone cannot show a missing sync.
TELL_DURABILITY = """(() => {
  const begin = IDBDatabase.prototype.transaction;
  window.loose = 0;
  IDBDatabase.prototype.transaction = function (...asked) {
    const begun = begin.apply(this, asked);
    if (begun.mode === "readwrite" && begun.durability !== "strict") window.loose += 1;
    return begun;
  };
})()"""


def until(page: Page, question: str, asked: Any = None) -> None:
    """Wait for a yes to a question that the page answers by a promise; Playwright's own waiting takes the promise for it."""
    ends = time.monotonic() + UP_WITHIN
    while not page.evaluate(question, asked):
        if time.monotonic() > ends:
            raise TimeoutError(f"{page.url} never said yes to: {question}")
        page.wait_for_timeout(50)


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, filter(None, (os.environ.get("CHROMIUM"), *NAMES)))), None)


class Phone:
    """One browser at a time over one folder; `page` is its one tab."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright, self._folder = playwright, folder
        self.page: Page
        self._process: subprocess.Popen[bytes]

    def open(self) -> None:
        port = self._folder / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [str(chromium()), *OPTIONS, *as_root, f"--user-data-dir={self._folder}", "about:blank"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, start_new_session=True, **quiet)
        self._browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{_first_line(port)}")
        self._context = self._browser.contexts[0]
        self._context.add_init_script(TELL_DURABILITY)
        self.page = self._context.pages[0] if self._context.pages else self._context.new_page()

    def kill(self) -> None:
        """Every process of it at once, as when the system needs the room or the battery dies."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._browser.close()

    def drop_tab(self) -> None:
        """The tab's processes go at once, as when a phone discards it: no page is asked or told."""
        lost = self.page
        for pid in self._renderers():
            os.kill(pid, signal.SIGKILL)
        self.page = self._context.new_page()
        with suppress(Error):
            lost.close()

    def _renderers(self) -> list[int]:
        """Of this browser: they share its group."""
        pids = [int(one.name) for one in Path("/proc").glob("[0-9]*")]
        return [pid for pid in pids if _is_renderer(pid) and os.getpgid(pid) == self._process.pid]

    def outbox(self, person: str) -> list[dict[str, Any]]:
        """What this phone holds for its server, read anew from its disk."""
        return self.page.evaluate(READ, f"attunement-{person}")


READ = """name => new Promise((resolve, reject) => {
  const opening = indexedDB.open(name);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const db = opening.result, all = db.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => { db.close(); resolve(all.result.map(one => one.operation)); };
    all.onerror = () => reject(all.error);
  };
})"""


def _is_renderer(pid: int) -> bool:
    try:
        return b"--type=renderer" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _first_line(path: Path) -> str:
    ends = time.monotonic() + UP_WITHIN
    while time.monotonic() < ends:
        if path.is_file() and (lines := path.read_text().splitlines()):
            return lines[0]
        time.sleep(0.02)
    raise RuntimeError("the browser did not come up")
