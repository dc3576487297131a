"""attunement corpus measure: a big event table in bounded memory, its cost by size, Spark's overhead, many small files."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from attunement.corpus import cores
from attunement.corpus.spark import missing
from attunement.schemes import scheme
from bench.measures import synthetic

EVENTS, FULL = 10_000_000, 100_000_000
PER_SESSION = 1_000
PIECE = 1_000_000  # events made at once, so that making the table takes little memory
HALVINGS = (8, 4, 2, 1)
FILES, CORRUPT_EVERY = 10_000, 100
LOOK_S = 0.05
GOAL = {"peak_gib": 8, "slope": [0.95, 1.05]}


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the command in processes of its own. peak_mib: of all of them together, looked at every LOOK_S."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    code: int
    said: str

    def of(self, events: int) -> dict[str, object]:
        return {"events": events, "wall_s": self.wall_s, "cpu_s": self.cpu_s, "peak_mib": self.peak_mib,
                "events_per_second": events / self.wall_s}  # fmt: skip


def run(*, full: bool = False) -> dict[str, object]:
    """Up to 10 million events, with `full` 100 million; everything in a temporary folder of up to 2 GB."""
    found: dict[str, object] = {
        "machine": f"{platform.machine()}, {cores()} processors, Python {platform.python_version()}, "
                   f"NumPy {np.__version__}, Polars {pl.__version__}",
        "load_before": os.getloadavg()[0], "goal": GOAL, "events_in_a_session": PER_SESSION,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        found["by_size"] = _by_size(folder, FULL if full else EVENTS)
        found["engines"] = _engines(folder)
        found["small_files"] = _small_files(folder)
    return found


def _by_size(folder: Path, events: int) -> dict[str, object]:
    """The largest table and its half, quarter and eighth, on all processors."""
    first = 8 * PER_SESSION  # so few that it is all start-up, enough for two processes
    start = _measure(_table(folder, first))
    runs = []
    for part in HALVINGS:
        table = _table(folder, events // part)
        runs.append(_measure(table).of(events // part))
        table.unlink()
        _show("by size", runs[-1])
    size = [float(str(one["events"])) for one in runs]
    return {
        "start_up": start.of(first), "runs": runs,
        "slope_of_log_wall_on_log_size": _slope(size, [float(str(one["wall_s"])) for one in runs]),
        "the_same_without_start_up": _slope(size, [float(str(one["wall_s"])) - start.wall_s for one in runs]),
        "slope_of_log_cpu_without_start_up": _slope(size, [float(str(one["cpu_s"])) - start.cpu_s for one in runs]),
    }  # fmt: skip


def _engines(folder: Path) -> dict[str, object]:
    """One process, two processes, and Spark with two threads, at two sizes; where the lines through both points cross."""
    ways = {"one": ["--workers", "1"], "two": ["--workers", "2"]}
    if missing() is None:
        ways["spark"] = ["--workers", "2", "--engine", "spark"]
    sizes = (EVENTS // 10, EVENTS)
    found: dict[str, list[float]] = {way: [] for way in ways}
    for events in sizes:
        table = _table(folder, events)
        for way, options in ways.items():
            found[way].append(_measure(table, *options).wall_s)
            _show(way, {"events": events, "wall_s": found[way][-1]})
        table.unlink()
    return {
        "sizes": sizes, "wall_s": found, "spark": missing() or "local[2]",
        "overhead_s": {way: found[way][0] - found["one"][0] for way in ways},
        "wins_over_one_process": {way: _crossing(sizes, found["one"], found[way]) for way in ways if way != "one"},
    }  # fmt: skip


def _small_files(folder: Path) -> dict[str, object]:
    """Visits of 100 rows each; one in CORRUPT_EVERY is torn."""
    place = folder / "visits"
    place.mkdir()
    by = scheme("attunement")
    events = synthetic(by, events=100 * 100, sessions=100)
    visits = pl.DataFrame({
        "tier": np.array(["child", "parent"])[events.actor], "value": np.array(by.ids)[events.code],
        "start_ms": events.start, "end_ms": events.end, "of": events.session,
    }).partition_by("of", include_key=False)  # fmt: skip
    texts = [visit.write_csv().encode() for visit in visits]
    for at in range(FILES):
        torn = at % CORRUPT_EVERY == 0
        (place / f"{at:05}.csv").write_bytes(b"\0" * 2_000 if torn else texts[at % len(texts)])
    ran = _run([str(place)], folder / "files.parquet")
    rows = pl.read_parquet(folder / "files.parquet")
    issues = pl.read_parquet(folder / "files.issues.parquet").filter(pl.col("code") == "not-readable")
    found = {
        "files": FILES, "torn": FILES // CORRUPT_EVERY, "wall_s": ran.wall_s, "files_per_second": FILES / ran.wall_s,
        "peak_mib": ran.peak_mib, "exit_code": ran.code, "measured": int(rows["measured"].sum()), "said_torn": len(issues),
    }  # fmt: skip
    _show("small files", found)
    return found


def _table(folder: Path, events: int) -> Path:
    """A table of that many events, made piece by piece."""
    pieces, path, by = folder / "pieces", folder / f"{events}.parquet", scheme("attunement")
    pieces.mkdir()
    for first in range(0, events, PIECE):
        many = min(PIECE, events - first)
        made = synthetic(by, events=many, sessions=many // PER_SESSION, seed=first)
        session = made.session + first // PER_SESSION
        pl.DataFrame({
            "child": session // 2, "visit": session % 2,
            "actor": pl.Series(made.actors).gather(made.actor), "code": pl.Series(by.ids).gather(made.code),
            "start_ms": made.start, "end_ms": made.end,
        }).write_parquet(pieces / f"{first:012}.parquet")  # fmt: skip
    pl.scan_parquet(pieces / "*.parquet").sink_parquet(path)
    shutil.rmtree(pieces)
    return path


def _measure(table: Path, *options: str) -> Run:
    out = table.with_name("results.parquet")
    ran = _run([str(table), "--by", "child,visit", *options], out)
    assert ran.code == 0, ran.said
    return ran


def _run(arguments: list[str], out: Path) -> Run:
    command = [str(Path(sys.executable).with_name("attunement")), "corpus", "measure", *arguments]
    log, peak = out.with_suffix(".log"), 0.0
    begun = time.perf_counter()
    with log.open("w") as said:
        process = subprocess.Popen(
            [*command, "--out", str(out), "--force"], stdout=said, stderr=said, start_new_session=True
        )
        while True:
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            peak = max(peak, _resident_mib(process.pid))
            time.sleep(LOOK_S)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    return Run(time.perf_counter() - begun, cpu, peak, process.returncode, log.read_text())


def _resident_mib(session: int) -> float:
    """What all processes of a session hold, shared pages counted for each of them."""
    pages = 0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if int((place / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                pages += int((place / "statm").read_text().split()[1])
        except (OSError, IndexError):
            continue  # it has ended meanwhile
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _slope(size: list[float], seconds: list[float]) -> float:
    return float(np.polyfit(np.log(size), np.log(np.maximum(seconds, 1e-3)), 1)[0])


def _crossing(sizes: tuple[int, int], one: list[float], other: list[float]) -> dict[str, object]:
    """From how many events `other` is faster, by the straight lines through both points of each."""
    if other[0] < one[0]:
        return {"events": sizes[0], "how": "measured: at the smaller size already"}
    gain = (one[1] - one[0]) - (other[1] - other[0])
    if gain <= 0:
        return {"events": None, "how": "never, by these two points"}
    events = sizes[0] + (other[0] - one[0]) * (sizes[1] - sizes[0]) / gain
    return {
        "events": round(events),
        "how": "between the two sizes" if events <= sizes[1] else "extrapolated beyond both",
    }


def _show(what: str, found: dict[str, object]) -> None:
    told = (f"{name} {value:,.1f}" if isinstance(value, float) else f"{name} {value}" for name, value in found.items())
    print(f"{what}: {', '.join(told)}", flush=True)
