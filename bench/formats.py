"""Reading a day's file, ten and a hundred times as much, beside a bare parse of the same bytes, and other readers."""

from __future__ import annotations

import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from xml.parsers import expat

import polars as pl
from lxml import etree
from soak.readers.honest import MAKERS

from attunement.formats import readings_in

DAY = {"elan": 712, "lena": 13_382, "chat": 2_000, "rttm": 8_659, "textgrid": 17_321, "boris": 5_452, "table": 10_000}
TIMES = (1, 10, 100)
GOAL = 1.5
LONGEST = 12.0  # seconds of one measurement; a reader that needs more is measured once
PEERS_UP_TO = 10  # times a day; some take minutes beyond
ROOT = Path(__file__).parents[1]

Parse = Callable[[bytes], object]


def run() -> dict[str, object]:
    found: dict[str, object] = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}, polars {pl.__version__}",
        "seconds": "of the processor, best of the rounds, ours and the bare parse in turn; files are made up",
        "goal_ratio": GOAL, "rows_of_a_day": DAY,
    }  # fmt: skip
    print(f"{'format':10}{'MB':>8}{'rows':>11}{'ours s':>9}  bare s (ratio) ...")
    for format in DAY:
        import_module(f"attunement.formats.{format}")
        found[format] = {f"x{times}": _measured(format, times) for times in TIMES}
    return found


def _measured(format: str, times: int) -> dict[str, object]:
    name, make = MAKERS[format]
    data = make(DAY[format] * times)
    readers: dict[str, Parse] = {"ours": lambda given: readings_in(given, name), **BARE[format]}
    seconds = _in_turn(readers, data)
    ours = seconds.pop("ours")
    rows = sum(len(reading.session.events) for reading in readings_in(data, name))
    ratios = {bare: round(ours / one, 2) for bare, one in seconds.items()}
    peers = _peers(format, name, data) if times <= PEERS_UP_TO else {}
    shown = "  ".join(f"{bare} {one:.4f} ({ratios[bare]})" for bare, one in seconds.items())
    others = "  ".join(f"{peer} {one:.3f}" for peer, one in peers.items())
    print(f"{format:10}{len(data) / 1e6:>8.2f}{rows:>11,}{ours:>9.4f}  {shown}  {others}", flush=True)
    return {
        "mb": round(len(data) / 1e6, 3), "rows": rows, "ours": round(ours, 5),
        "bare": {bare: round(one, 5) for bare, one in seconds.items()}, "ratio": ratios,
        "peers": {peer: round(one, 4) for peer, one in peers.items()},
    }  # fmt: skip


def _in_turn(readers: dict[str, Parse], data: bytes) -> dict[str, float]:
    """The best of each, all by turns, so that a busy machine slows all alike."""
    best = dict.fromkeys(readers, float("inf"))
    began, rounds = time.perf_counter(), 0
    while rounds < 2 or (rounds < 9 and time.perf_counter() - began < LONGEST):
        for name, read in readers.items():
            start = time.process_time()
            read(data)
            best[name] = min(best[name], time.process_time() - start)
        rounds += 1
        if time.perf_counter() - began > LONGEST:
            break
    return best


def _peers(format: str, name: str, data: bytes) -> dict[str, float]:
    """Readers in our own environment, and in that of the Python which ATTUNEMENT_PEERS names."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        for python in {sys.executable, os.environ.get("ATTUNEMENT_PEERS") or sys.executable}:
            command = [python, str(ROOT / "bench" / "_peers.py"), format, str(path), "3"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            found |= json.loads(done.stdout) if done.returncode == 0 else {}
    return found


def _lxml(data: bytes) -> object:
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    )


def _expat(data: bytes) -> object:
    return expat.ParserCreate().Parse(data, True)


def _expat_with_attributes(data: bytes) -> object:
    """As little as any reader in Python can do: each tag and its attributes are handed over."""
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = lambda tag, given: None
    return parser.Parse(data, True)


def _columns(separator: str) -> Parse:
    return lambda data: pl.read_csv(
        io.BytesIO(data), has_header=False, separator=separator, quote_char=None, truncate_ragged_lines=True
    )


XML: dict[str, Parse] = {"lxml": _lxml, "expat": _expat, "expat with attributes": _expat_with_attributes}
LINES: dict[str, Parse] = {"polars lines": _columns("\x1f"), "decode and split": lambda data: data.decode().split("\n")}
BARE: dict[str, dict[str, Parse]] = {
    "elan": XML, "lena": XML, "chat": LINES, "rttm": {"polars": _columns(" ")}, "textgrid": LINES,
    "boris": {"json": json.loads}, "table": {"polars": _columns(",")},
}  # fmt: skip
