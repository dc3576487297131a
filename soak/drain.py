"""A phone that was away for months comes back over a thin line: how long until the server has all that waited."""

from __future__ import annotations

import argparse
import json
import sys

from soak.sync.explorer import CODES
from soak.sync.household import PORT, home

LONGEST = 60  # seconds for 5,000 moments at 400 kbit/s


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/soak drain", description=__doc__)
    parser.add_argument("--moments", type=int, default=5_000, help="that wait (default 5000)")
    parser.add_argument("--days", type=int, default=90, help="away (default 90)")
    parser.add_argument("--kbits", type=int, default=400, help="a second, each way (default 400)")
    parser.add_argument("--delay", type=int, default=100, help="ms of one way and back (default 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}")
    asked = parser.parse_args()
    allowed = LONGEST * (asked.moments / 5_000) * (400 / asked.kbits)
    more = {name: vars(asked)[name] for name in ("moments", "days", "kbits", "delay", "seed")}
    wrong = drain(asked.port, within=allowed, **more)
    print(*(wrong or ["all of it is there, once, and in time"]), sep="\n")
    return int(bool(wrong))


def drain(port: int, *, within: float, moments: int, days: int, kbits: int, delay: int, seed: int) -> list[str]:
    """What is wrong, in words; `within` are seconds until nothing waits."""
    with home(port) as there:
        told = there.phones("drain.js", moments=moments, days=days, kbits=kbits, delay=delay, seed=seed, codes=CODES)
        rows = there.count("SELECT count(*) FROM diary_moment")
    print(json.dumps(told))
    checks = [
        (rows != moments, f"{rows:,} rows where {moments:,} were noted"),
        (told["waiting"] > 0 or told["aside"] > 0, f"{told['waiting']} wait, {told['aside']} are set aside"),
        (told["drained_s"] > within, f"it took {told['drained_s']} s where {within:.0f} are allowed"),
    ]
    return [words for is_wrong, words in checks if is_wrong]


if __name__ == "__main__":
    sys.exit(main())
