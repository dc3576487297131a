"""How far a long run is, in one line on a terminal; nothing where nobody looks."""

from __future__ import annotations

import sys

WIDTH = 30


def show_progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        full = WIDTH * done // max(of, 1)
        end = "\n" if done == of else ""
        print(f"\r[{'#' * full}{'.' * (WIDTH - full)}] {done} of {of} parts", end=end, file=sys.stderr, flush=True)
