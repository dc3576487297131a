"""Runs the rounds, prints what they gave, and ends with 1 if anything that was called saved is gone."""

from __future__ import annotations

import argparse
import json
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from soak import phone
from soak.crash.__main__ import origin
from soak.phone.browser import Phone, chromium
from soak.phone.rounds import Found, Runner
from soak.phone.site import FAULTS, Site

RESULTS = Path(__file__).parents[2] / "results"


def main(argv: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(argv)
    if asked.rounds < 1:
        print("--rounds: at least one", file=sys.stderr)
        return 2
    if chromium() is None:
        print("no Chromium or Chrome on this machine: install one, or set CHROMIUM to where it is", file=sys.stderr)
        return 2
    print(f"seed {asked.seed}", flush=True)
    began = time.perf_counter()
    with sync_playwright() as playwright:
        found = run(playwright, rounds=asked.rounds, seed=asked.seed, plant=asked.plant, port=asked.port)
    seconds = time.perf_counter() - began
    ends = ", ".join(f"{way} {times}" for way, times in sorted(found.ends.items()))
    print(f"{found.rounds} rounds in {seconds:.0f} s ({ends}), {found.taps} taps called saved: {found.lost} lost")
    print(f"{found.loose} writes did not ask for the disk; {found.wrong_on_server} moments are other on the server")
    if not asked.plant and not asked.no_results:
        told = {**origin(), "seed": asked.seed, "seconds": round(seconds, 1), **vars(found)}
        (RESULTS / "phone.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        print("written to results/phone.json")
    return int(found.unsound > 0)


def run(playwright: Playwright, *, rounds: int, seed: int, plant: str = "", port: int = 8147) -> Found:
    """A fresh household, a fresh phone, so many rounds."""
    with tempfile.TemporaryDirectory(prefix="attunement-phone-", ignore_cleanup_errors=True) as folder:
        data, profile = Path(folder) / "household", Path(folder) / "phone"
        data.mkdir(mode=0o700)
        profile.mkdir()
        site, handset = Site(data, port), Phone(playwright, profile)
        try:
            link = site.start()
            if plant:
                site.kill()
                site.plant(plant)
                link = site.start()
            handset.open()
            try:
                return Runner(site, handset, random.Random(seed)).run(link, rounds)
            finally:
                handset.kill()
        finally:
            site.kill()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/soak phone", description=phone.__doc__)
    parser.add_argument("--rounds", type=int, default=500, help="ends of a page (default 500; the tests run 3)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="the same taps again")
    parser.add_argument("--plant", choices=sorted(FAULTS), default="", help="a fault that has to be found")
    parser.add_argument("--port", type=int, default=8147, help="of the server (default 8147)")
    parser.add_argument("--no-results", action="store_true", help="leave results/ as it is")
    return parser


if __name__ == "__main__":
    sys.exit(main())
