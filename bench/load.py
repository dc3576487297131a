"""32 phones that push at once to the real server, on SQLite and on PostgreSQL, with every commit on the disk.

The server is what `attunement serve` starts, with the settings it ships with. The phones are one process of their own
that sends bytes made beforehand; what it takes of the two processors is said beside the figures. After each run the rows
are counted: whatever was acknowledged is there, once.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

PHONES, PORT = 32, 8130
WARM_S, SECONDS, ROUNDS = 2, 8, 3
MOST_PER_S = 3_000  # answers in a second for which requests are made beforehand
BATCH = 20
NEAREST = {"sqlite": {"per_s": 190, "p99_ms": 380}, "postgresql": {"per_s": 128, "p99_ms": 552}}
GOALS = {"single": 5, "batch": 40, "p99_ms": 60, "moonshot": 10}
SERVE = "import sys; from attunement_web.site.serve import main; sys.exit(main(sys.argv[1:]))"
ROOT = Path(__file__).parents[1]


@dataclass
class Site:
    """A running server, and the environment in which others meet its database."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    log: Path

    def asked(self, what: str) -> Any:
        command = [sys.executable, "-m", "bench._load_families", what]
        ran = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True)
        return json.loads(ran.stdout)

    def processors_s(self) -> float:
        """Processor time of the server's processes so far."""
        return sum(_processor_s(one) for one in [self.process.pid, *_children(self.process.pid)])


def run(*, full: bool = False) -> dict[str, object]:
    rounds = ROUNDS if full else 1
    found: dict[str, Any] = {
        "how": f"{PHONES} keep-alive phones, each a family of its own; {SECONDS} s after {WARM_S} warm; median of {rounds}",
        "machine": f"{os.cpu_count()} processors, Python {platform.python_version()}",
        "nearest": NEAREST, "goals": GOALS,
    }  # fmt: skip
    for database in ("sqlite", "postgresql"):
        with _served(database) as site:
            phones = site.asked(str(PHONES))
            found[database] = {
                f"{kind}, {way}": _measured(site, phones, way=way, batch=batch, rounds=rounds)
                for kind, batch in (("single", 1), (f"batches of {BATCH}", BATCH))
                for way in ("token", "session", *(["session, long way"] if batch == 1 else []))
            }
            said = site.log.read_text(errors="replace")
            found[database]["locked"] = said.count("database is locked")
            found[database]["log"] = said[-2_000:]
        _print(database, found[database])
    return found


@contextmanager
def _served(database: str) -> Iterator[Site]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "home").mkdir()
        environment = {**os.environ, "ATTUNEMENT_DATA": str(folder / "home")}
        if database == "postgresql":
            from tests.postgres import cluster

            environment["DATABASE_URL"] = stack.enter_context(cluster()).new_database()
        else:
            environment.pop("DATABASE_URL", None)
        log = stack.enter_context((folder / "log").open("w"))
        command = [sys.executable, "-c", SERVE, "--port", str(PORT), "--data", str(folder / "home")]
        process = stack.enter_context(
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        )
        stack.callback(process.send_signal, signal.SIGINT)
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert "ready" in ready, (folder / "log").read_text()
        yield Site(process, environment, folder / "log")


def _measured(site: Site, phones: list[dict[str, Any]], *, way: str, batch: int, rounds: int) -> dict[str, Any]:
    """The middle round; every round's answers are counted in the database."""
    each = [_round(site, phones, way=way, batch=batch) for _ in range(rounds)]
    names = ("per_s", "moments_per_s", "p50_ms", "p95_ms", "p99_ms", "client_cpu", "server_cpu", "all_cpu", "server_ms")
    totals = ("errors", "lost", "doubled", "unacknowledged")
    middle = {name: round(median(one[name] for one in each), 2) for name in names}
    wrong = next((one["wrong"] for one in each if one["wrong"]), "")
    return middle | {name: sum(one[name] for one in each) for name in totals} | ({"wrong": wrong} if wrong else {})


def _round(site: Site, phones: list[dict[str, Any]], *, way: str, batch: int) -> dict[str, Any]:
    requests = MOST_PER_S * (WARM_S + SECONDS) // PHONES // (1 if batch == 1 else 4)
    what = {
        "host": "127.0.0.1", "port": PORT, "batch": batch, "warm_s": WARM_S, "seconds": SECONDS, "requests": requests,
        "phones": [{"child": one["child"], "headers": one[way]} for one in phones],
    }  # fmt: skip
    before, spent = site.asked("count"), site.processors_s()
    command = [sys.executable, str(ROOT / "bench/_load_client.py")]
    ran = subprocess.run(command, input=json.dumps(what), stdout=subprocess.PIPE, text=True, check=True)
    found, spent = json.loads(ran.stdout), site.processors_s() - spent
    after, took = site.asked("count"), sorted(found["took_ms"])
    sent = {device: number * batch for device, number in found["devices"].items()}
    there = {device: after["devices"].get(device, [0, 0]) for device in sent}
    rows = after["moments"] - before["moments"]
    kept = sum(number for _, number in there.values())
    return {
        "per_s": len(took) / SECONDS, "moments_per_s": len(took) * batch / SECONDS,
        **{f"p{at}_ms": took[min(len(took) - 1, len(took) * at // 100)] if took else 0.0 for at in (50, 95, 99)},
        "client_cpu": found["client_cpu"], "server_cpu": spent / found["wall"], "all_cpu": found["all_cpu"],
        "server_ms": 1000 * spent / max(1, sum(found["devices"].values())),  # of a processor, for each push
        "errors": len(found["wrong"]), "wrong": found["wrong"][:1],
        "lost": sum(max(0, number - min(there[device])) for device, number in sent.items()),
        "doubled": rows - kept, "unacknowledged": kept - sum(sent.values()),
    }  # fmt: skip


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [below for one in found for below in _children(one)]


def _print(database: str, found: dict[str, Any]) -> None:
    for name, one in found.items():
        if isinstance(one, dict):
            times = one["moments_per_s"] / NEAREST[database]["per_s"]
            print(
                f"{database}, {name}: {one['moments_per_s']:,.0f} moments/s, {times:.1f} times the nearest product;",
                end=" ",
            )
            print(f"p50 {one['p50_ms']}, p95 {one['p95_ms']}, p99 {one['p99_ms']} ms; {one['errors']} errors,", end=" ")
            print(f"{one['lost']} lost, {one['doubled']} doubled. Processors: server {one['server_cpu']},", end=" ")
            print(f"client {one['client_cpu']}, everything {one['all_cpu']}; {one['server_ms']} ms of one a push")
    print(f"{database}: {found['locked']} times “database is locked”")
