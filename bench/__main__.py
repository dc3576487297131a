"""Runs the parts named on the command line, or all; prints what each found and writes it to results/PART.json."""

from __future__ import annotations

import argparse
import json
import pkgutil
from importlib import import_module
from inspect import signature
from pathlib import Path

import bench

RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    parts = [found.name for found in pkgutil.iter_modules(bench.__path__) if not found.name.startswith("_")]
    parser = argparse.ArgumentParser(prog="script/bench", description=bench.__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"all, or some of: {', '.join(parts)}")
    parser.add_argument(
        "--full", action="store_true", help="the largest sizes too, where a part has them: many minutes"
    )
    given = parser.parse_args()
    asked = given.parts
    if set(asked) - {*parts, "all"}:
        parser.error(f"known parts are {', '.join(parts)}")
    for part in parts if not asked or "all" in asked else asked:
        run = import_module(f"bench.{part}").run
        found = run(full=given.full) if "full" in signature(run).parameters else run()
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{part}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        print(f"written to results/{part}.json")


if __name__ == "__main__":
    main()
