"""Times other readers on a file: `python bench/_peers.py FORMAT FILE ROUNDS`, with any Python that has some of them.

Prints {reader: seconds of the processor, best of the rounds} as JSON. Imports nothing of ours.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module

FAILED = -1.0  # it is installed and cannot read the file


def _pympi_eaf(path: str) -> object:
    from pympi import Elan

    document = Elan.Eaf(path)
    return [document.get_annotation_data_for_tier(tier) for tier in document.get_tier_names()]


def _pympi_grid(path: str) -> object:
    from pympi import Praat

    return [list(tier.get_all_intervals()) for tier in Praat.TextGrid(path).get_tiers()]


def _praatio(path: str) -> object:
    return import_module("praatio.textgrid").openTextgrid(path, includeEmptyIntervals=False)


def _pylangacq(path: str) -> object:
    return import_module("pylangacq").read_chat(path).utterances()


def _rustling(module: str, reader: str) -> Callable[[str], object]:
    return lambda path: getattr(import_module(module), reader).from_files([path])


READERS: dict[str, dict[str, tuple[str, Callable[[str], object]]]] = {
    "elan": {"pympi": ("pympi", _pympi_eaf), "rustling": ("rustling", _rustling("rustling.elan", "ELAN"))},
    "textgrid": {
        "pympi": ("pympi", _pympi_grid), "praatio": ("praatio", _praatio),
        "rustling": ("rustling", _rustling("rustling.textgrid", "TextGrid")),
    },
    "chat": {"pylangacq": ("pylangacq", _pylangacq), "rustling": ("rustling", _rustling("rustling.chat", "CHAT"))},
}  # fmt: skip


def main(format: str, path: str, rounds: int) -> dict[str, float]:
    found = {}
    for name, (package, read) in READERS.get(format, {}).items():
        try:
            import_module(package)
        except ImportError:
            continue
        try:
            found[name] = min(_seconds(read, path) for _ in range(rounds))
        except Exception as error:  # whatever another program raises on a file
            print(f"{name}: {error}", file=sys.stderr)
            found[name] = FAILED
    return found


def _seconds(read: Callable[[str], object], path: str) -> float:
    began = time.process_time()
    read(path)
    return time.process_time() - began


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
