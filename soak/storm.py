"""A retry storm: many phones send each batch several times at once and hear few answers; every moment is there once."""

from __future__ import annotations

import argparse
import sys
import time

from soak.sync.explorer import CODES
from soak.sync.household import PORT, home


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/soak storm", description=__doc__)
    parser.add_argument("--phones", type=int, default=50, help="default 50")
    parser.add_argument("--moments", type=int, default=200, help="of each phone (default 200)")
    parser.add_argument("--times", type=int, default=5, help="that each batch leaves at once (default 5)")
    parser.add_argument("--dropped", type=float, default=0.3, help="share of answers that nobody hears (default 0.3)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}")
    asked = parser.parse_args()
    wrong = storm(asked.port, **{name: vars(asked)[name] for name in ("phones", "moments", "times", "dropped", "seed")})
    print(*(wrong or ["each there once, nothing waits, no server error"]), sep="\n")
    return int(bool(wrong))


def storm(port: int, *, phones: int, moments: int, times: int, dropped: float, seed: int) -> list[str]:
    """What is wrong afterwards, in words; nothing is what it has to be."""
    begun = time.perf_counter()
    with home(port) as there:
        told = there.phones(
            "storm.js", phones=phones, moments=moments, times=times, dropped=dropped, seed=seed, codes=CODES
        )
        rows = there.count("SELECT count(*) FROM diary_moment")
        operations = there.count("SELECT count(*) FROM sync_operation")
    wanted = phones * moments
    print(
        f"{wanted:,} moments of {phones} phones, each batch {times} times at once: {rows:,} rows, {operations:,} operations,"
    )
    print(f"answers by status: {told['statuses']}, in {time.perf_counter() - begun:.0f} s with starting the server")
    errors = sum(count for status, count in told["statuses"].items() if int(status) >= 500)
    checks = [
        (rows != wanted, f"{rows:,} rows where {wanted:,} were noted"),
        (operations != wanted, f"{operations:,} operations where {wanted:,} were kept"),
        (told["waiting"] > 0, f"{told['waiting']} wait or were set aside"),
        (errors > 0, f"{errors} server errors"),
    ]
    return [words for is_wrong, words in checks if is_wrong]


if __name__ == "__main__":
    sys.exit(main())
