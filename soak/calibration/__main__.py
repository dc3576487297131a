"""Runs every check, ten times as long as the tests do, and prints what each found; ends with 1 if any is off."""

from __future__ import annotations

import argparse
import sys
import time

from soak import calibration


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/soak calibration", description=calibration.__doc__)
    parser.add_argument(
        "--scale", type=int, default=10, help="how many times the sessions of the short form (default 10)"
    )
    parser.add_argument("checks", nargs="*", help=", ".join(check.__name__ for check in calibration.CHECKS))
    asked = parser.parse_args()
    off = 0
    for check in calibration.CHECKS:
        if asked.checks and check.__name__ not in asked.checks:
            continue
        begun = time.perf_counter()
        for found in check(asked.scale):
            print(found, flush=True)
            off += not found.holds
        print(f"     {check.__name__}: {time.perf_counter() - begun:.1f} s", flush=True)
    return int(off > 0)


if __name__ == "__main__":
    sys.exit(main())
