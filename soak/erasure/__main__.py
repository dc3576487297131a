"""A family whose every text field holds a word that stands nowhere else is copied, erased, and looked for byte by byte."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLANTS = ("table", "log", "vacuum", "secure", "upload", "aside")


def main(argv: Sequence[str] | None = None) -> int:
    """0 nothing was found; 1 something was, or the family was not there to begin with; 2 wrong use."""
    asked = _arguments().parse_args(argv)
    found: dict[str, object] = {"families": 0, "before": 0, "hits": []}
    hits: list[str] = []
    for number in range(asked.rounds):
        with tempfile.TemporaryDirectory() as folder:
            told = one_round(Path(folder), asked.moments, asked.plant, number)
        hits += told["hits"]
        if not told["before"] or not told["erased"]:
            print("this run proves nothing: the words were not there, or nothing was erased", file=sys.stderr)
            return 1
        found |= {"families": number + 1, "before": int(str(found["before"])) + told["before"]}
    found["hits"] = hits
    print(json.dumps(found, indent=1))
    if not asked.plant and not asked.no_results:
        (ROOT / "results").mkdir(exist_ok=True)
        (ROOT / "results" / "erasure.json").write_text(json.dumps(found, indent=1) + "\n")
    return int(bool(hits))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/soak erasure", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="households, one after another (default 20)")
    parser.add_argument("--moments", type=int, default=2_000, help="moments of each child (default 2,000)")
    parser.add_argument("--plant", choices=PLANTS, default="", help="a fault that has to be found")
    parser.add_argument("--no-results", action="store_true", help="leave results/ as it is")
    return parser


def one_round(folder: Path, moments: int, plant: str, seed: int = 0) -> dict[str, object]:
    """A household of its own in a process of its own; `hits` are words found afterwards, each with its file."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("ATTUNEMENT_", "DATABASE_URL"))}
    ours |= {"ATTUNEMENT_DATA": str(home), "DJANGO_SETTINGS_MODULE": "attunement_web.site.settings"}
    if os.environ.get("ATTUNEMENT_SOAK_DATABASE"):
        ours["DATABASE_URL"] = os.environ["ATTUNEMENT_SOAK_DATABASE"]
    command = [sys.executable, "-m", "soak.erasure.household", str(moments), plant or "-", str(seed)]
    with (home / "captured.log").open("wb") as log:
        ran = subprocess.run(command, env=ours, cwd=ROOT, stdout=subprocess.PIPE, stderr=log)
    if ran.returncode:
        raise RuntimeError((home / "captured.log").read_text()[-3000:])
    told: dict[str, object] = json.loads(ran.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    sys.exit(main())
