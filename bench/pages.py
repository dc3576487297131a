"""Pages at 100, 10,000 and 100,000 moments on a SQLite file, and what Today weighs on the wire.

A family's pace hardly changes with the years, so each case has the same last twelve weeks (100 moments) and the rest as
older history, up to three years back. The dense case spreads all of them evenly over three years: 91 a day, no family's.
Hardly two moments of a day are alike. At the end, what keeping one moment costs with the day's summary and without.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from attunement_web.actor import unscoped

SIZES = (100, 10_000, 100_000)
RECENT, RECENT_DAYS, ALL_DAYS = 100, 12 * 7, 3 * 365  # the picture looks twelve weeks back
WARM, ROUNDS, NOTES = 8, 60, 150
BATCH = 5_000
PAGES = ("today", "note", "moments", "picture")
AHEAD = ("/help/now/", "urgent", "/api/v1/")  # of addresses: what nobody waits for
GOAL_MS, GOAL_RATIO, GOAL_BYTES = 25, 1.2, 60_000  # the ratio is that of Today, in both shapes of history
KINDS = [
    ("cry", ["hold-chest-to-chest", "rock"], "settled-with-you", None, "comfort"),
    ("fuss", ["no-response"], "still-upset", True, "comfort"),
    ("social-smile", ["smile-back"], "delighted", None, "connect"),
    ("word", ["talk"], "kept-playing", None, "connect"),
    ("turn-away", ["give-space"], "calm-and-alert", None, "break"),
    ("handle-object", ["wait-and-watch"], "explored", None, "explore"),
    ("cling", ["goodbye-and-hello"], "cuddle-in", None, "comfort"),
    ("", [], "", None, "good"),
]
MORE_ACTS = ["touch", "sing", "name-feeling", "hug-child", "talk", "smile-back"]
SERVE = "import sys; from attunement_web.site.serve import main; sys.exit(main(sys.argv[1:]))"
CASE = "import sys; from bench.pages import case; case(int(sys.argv[1]), dense=sys.argv[2] == 'dense')"


def run() -> dict[str, object]:
    """Each case in a process and a database of its own; answers with what script/bench writes."""
    found: dict[str, Any] = {
        "how": "whole WSGI application in this process, signed in, gzip, warm; no network, no second user",
        "layout": f"{RECENT} moments in the last {RECENT_DAYS} days in each case, the rest older, to {ALL_DAYS} days back",
        "dense": f"all evenly over {ALL_DAYS} days",
        "clock": "wall: what a person waits; cpu: the same without other programs on this machine",
        "rounds": ROUNDS,
        "goals": {"p50_ms": GOAL_MS, "ratio": GOAL_RATIO, "bytes": GOAL_BYTES},
    }
    cases = {f"{size:,}": (size, False) for size in SIZES} | {f"{SIZES[-1]:,} dense": (SIZES[-1], True)}
    found["cases"] = _in_turn(cases)
    first = found["cases"][f"{SIZES[0]:,}"]
    for key, name in (("ratio", f"{SIZES[-1]:,}"), ("ratio_dense", f"{SIZES[-1]:,} dense")):
        last = found["cases"][name]
        found[key] = {page: round(last[page]["cpu_p50_ms"] / first[page]["cpu_p50_ms"], 2) for page in PAGES}
    _print(found)
    found["bytes"] = _bytes_of_today()
    return found


def _print(found: dict[str, Any]) -> None:
    print(f"Pages: {found['how']}.\n{found['layout']}; dense: {found['dense']}.")
    print(f"ms, wall p50 / p95 (cpu p50), {ROUNDS} rounds, all cases in turn:")
    print(f"{'moments':>14}" + "".join(f"{page:>24}" for page in PAGES))
    for name, taken in found["cases"].items():
        cells = (
            f"{one['p50_ms']:.1f} / {one['p95_ms']:.1f} ({one['cpu_p50_ms']:.1f})" for one in map(taken.get, PAGES)
        )
        print(f"{name:>14}" + "".join(f"{cell:>24}" for cell in cells))
    for key, shape in (("ratio", "the rest older"), ("ratio_dense", "91 a day")):
        ratios = ", ".join(f"{page} {ratio}" for page, ratio in found[key].items())
        print(f"cpu of 100,000 to 100 (goal for today {GOAL_RATIO}), {shape}: {ratios}")
    for name, taken in found["cases"].items():
        queries = ", ".join(f"{page} {count}" for page, count in taken["queries"].items())
        one = taken["one_note"]
        print(
            f"{name:>14}: queries {queries}; one moment kept {one['with']['p50_ms']} ms"
            f" ({one['with']['cpu_p50_ms']} cpu), without the summary {one['without']['p50_ms']}"
            f" ({one['without']['cpu_p50_ms']})"
        )


def _in_turn(cases: dict[str, tuple[int, bool]]) -> dict[str, Any]:
    """One round of each case after the other, so that a busy moment of this machine meets them all alike."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        asked = {name: running.enter_context(_process(Path(folder) / str(at), *wanted))
                 for at, (name, wanted) in enumerate(cases.items())}  # fmt: skip
        taken: dict[str, list[dict[str, list[float]]]] = {name: [] for name in cases}
        for _ in range(WARM + ROUNDS):
            for name, process in asked.items():
                print("go", file=process.stdin, flush=True)
                taken[name].append(json.loads(process.stdout.readline()))
        last = {name: _last_words(process) for name, process in asked.items()}
    return {
        name: {page: _summary([one[page] for one in rounds[WARM:]]) for page in PAGES} | last[name]
        for name, rounds in taken.items()
    }


def _last_words(process: subprocess.Popen[str]) -> dict[str, Any]:
    """How many queries each page made, and what keeping a moment took."""
    print("end", file=process.stdin, flush=True)
    told = json.loads(process.stdout.readline())
    process.stdin.close()
    return {"queries": told["queries"], "one_note": {kind: _summary(rounds) for kind, rounds in told["notes"].items()}}


def _process(folder: Path, size: int, dense: bool) -> subprocess.Popen[str]:
    folder.mkdir()
    settings = {"ATTUNEMENT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "attunement_web.site.settings"}
    command = [sys.executable, "-c", CASE, str(size), "dense" if dense else "even"]
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env={**os.environ, **settings}, **piped)


def case(size: int, *, dense: bool) -> None:
    """Fill the database of this process's ATTUNEMENT_DATA; then for each line that comes, time each page once."""
    import django

    django.setup()
    from django.core.management import call_command

    from attunement_web.site.storage import collect_when_changed

    call_command("migrate", verbosity=0)
    collect_when_changed()
    addresses, cookie, note = _filled(size, dense=dense)
    ask = _asking(cookie)
    for line in sys.stdin:
        if line == "end\n":
            told = {
                "queries": {page: _queries(ask, address) for page, address in addresses.items()},
                "notes": _notes(note),
            }
        else:
            told = {page: _timed(ask, address) for page, address in addresses.items()}
        print(json.dumps(told), flush=True)


def _queries(ask: Callable[[str], None], address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as made:
        ask(address)
    return len(made)


@unscoped("a harness")
def _notes(note: Callable[[], None]) -> dict[str, list[tuple[float, float]]]:
    """Keeping a moment with the day's summary and, in turn, without."""
    from unittest.mock import patch

    found: dict[str, list[tuple[float, float]]] = {"with": [], "without": []}
    for _ in range(NOTES):
        found["with"].append(_timed(note))
        with patch("attunement_web.diary.actions.noting.tally"):
            found["without"].append(_timed(note))
    return found


def _timed(ask: Callable[..., None], *address: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    ask(*address)
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)


def _summary(rounds: list[list[float]]) -> dict[str, float]:
    wall, cpu = (sorted(times) for times in zip(*rounds, strict=True))
    middle, late = len(wall) // 2, int(len(wall) * 0.95)
    return {"p50_ms": round(wall[middle], 2), "p95_ms": round(wall[late], 2), "cpu_p50_ms": round(cpu[middle], 2)}


@unscoped("a harness")
def _filled(size: int, *, dense: bool) -> tuple[dict[str, str], str, Callable[[], None]]:
    """The address of each page, the cookie of a signed-in browser, and what keeps one more moment."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from attunement_web.accounts.actions import person_of_household
    from attunement_web.diary.actions import Tap, keep_moments, rebuild_summaries
    from attunement_web.diary.models import Moment, new_id
    from attunement_web.families.actions import begin_family

    person, now = person_of_household(), timezone.now()
    born = now.date() - timedelta(days=ALL_DAYS + 5)
    child = begin_family(time_zone="Europe/Madrid", child_name="Ada", born=born, by=person)
    rows = (Moment(child=child, noted_by=person, **fields) for fields in _moments(size, now, dense=dense))
    Moment.objects.bulk_create(rows, batch_size=BATCH)
    rebuild_summaries()
    browser = Client()
    browser.force_login(person)
    names = {"today": "today:today", "note": "diary:note", "moments": "diary:moments", "picture": "diary:picture"}
    key = settings.SESSION_COOKIE_NAME

    def note() -> None:
        keep_moments(child=child, taps=[Tap(id=new_id(), signal="cry")], by=person)

    addresses = {page: reverse(name, args=[child.pk]) for page, name in names.items()}
    return addresses, f"{key}={browser.cookies[key].value}", note


def _moments(size: int, now: datetime, *, dense: bool) -> Iterator[dict[str, Any]]:
    drawn = random.Random(size)
    for number in range(size):
        recent = not dense and number < RECENT
        first, last = (0, RECENT_DAYS) if recent else (0 if dense else RECENT_DAYS, ALL_DAYS)
        at = now - timedelta(days=drawn.uniform(first, last))
        signal_, acts, outcome, mended, asks = KINDS[number % len(KINDS)]
        yield {
            "noted_at": at, "happened_at": at, "local_day": at.date(), "zone": "Europe/Madrid", "offset_minutes": 60,
            "signal": signal_, "asks": asks, "acts": [*acts, *drawn.sample(MORE_ACTS, drawn.randrange(3))],
            "outcome": outcome, "mended": mended, "calm": drawn.choice((None, 0, 1, 2, 3)),
            "with_child": drawn.choice(("", "", "Grandma", "Nana Rose")),
            "words": "Held her until the storm was over." if number % 5 == 0 else "",
        }  # fmt: skip


def _asking(cookie: str) -> Callable[[str], None]:
    """Asks the site's own WSGI application for a page, as a browser that takes gzip would."""
    from wsgiref.util import setup_testing_defaults

    from attunement_web.site.wsgi import application

    def ask(address: str) -> None:
        environ: dict[str, Any] = {"PATH_INFO": address, "HTTP_COOKIE": cookie, "HTTP_ACCEPT_ENCODING": "gzip"}
        setup_testing_defaults(environ)
        environ["HTTP_HOST"] = "localhost"
        said: list[str] = []
        answer = application(environ, lambda status, headers, exc_info=None: said.append(status))
        length = sum(map(len, answer))
        answer.close()
        assert said == ["200 OK"] and length > 1_000, (address, said, length)

    return ask


def _bytes_of_today() -> dict[str, Any]:
    """Cold, the demo family, in Chromium: everything that comes over the wire, headers too."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", SERVE, "--port", "8161", "--data", folder, "--demo"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                arrived = _arrived(server.stdout.readline().split(": ", 1)[1].strip())
            finally:
                server.send_signal(signal.SIGINT)
    ahead = sum(size for address, size in arrived.items() if any(part in address for part in AHEAD))
    found = {"today": sum(arrived.values()) - ahead, "fetched_ahead": ahead, "each": arrived}
    print(f"Today, cold, with everything: {found['today']:,} bytes in {len(arrived)} answers (goal {GOAL_BYTES:,});")
    print(f"then, when idle, urgent help and this family's record for days without a network: {ahead:,} bytes")
    return found


def _arrived(link: str) -> dict[str, int]:
    """Bytes of each answer, by its path."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=as_root)
        door = browser.new_page()
        door.goto(link)
        door.get_by_role("button", name="Come in").click()
        door.wait_for_url("**/child/**")
        cold = browser.new_context(storage_state=door.context.storage_state()).new_page()
        network, paths, sizes = cold.context.new_cdp_session(cold), {}, {}
        network.on("Network.requestWillBeSent", lambda sent: paths.update({sent["requestId"]: sent["request"]["url"]}))
        network.on("Network.loadingFinished", lambda done: sizes.update({done["requestId"]: done["encodedDataLength"]}))
        network.send("Network.enable")
        cold.goto(door.url)
        cold.wait_for_load_state("networkidle")
        cold.wait_for_timeout(1_000)  # for what is fetched ahead
        browser.close()
    origin = link.partition("/enter/")[0]
    return {paths[request].removeprefix(origin): round(size) for request, size in sizes.items()}
