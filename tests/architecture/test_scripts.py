"""The browser's rooms: `ui` reacts to a finger, `store` survives offline, `logic` could run without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOMS = ("ui", "store", "logic")  # each may use itself and those after it
IMPORT = re.compile(r'^\s*(?:import|export)\s(?:[^;"]*?\sfrom\s)?"([^"]+)"(;?)', re.MULTILINE)
BROWSER = re.compile(r"\b(?:document|window|navigator|localStorage|indexedDB|fetch|BroadcastChannel|caches)\b(?!:)")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


@pytest.fixture(scope="module")
def scripts(root: Path) -> list[Path]:
    return sorted(path for path in (root / "src/attunement_web").glob("*/static/*/*/*.js") if path.parent.name in ROOMS)


def test_each_script_imports_only_rooms_after_its_own(scripts: list[Path]) -> None:
    assert len(scripts) > 20
    wrong = [f"{path.parent.name}/{path.name} imports {to}" for path in scripts for to, _ in imports(path)
             if ROOMS.index(room_of(path, to)) < ROOMS.index(path.parent.name)]  # fmt: skip
    assert wrong == []


def test_each_import_is_relative_and_ends_as_the_hashed_storage_needs_it(scripts: list[Path]) -> None:
    wrong = [f"{path.name}: {to}" for path in scripts for to, end in imports(path)
             if not to.startswith(("./", "../")) or end != ";" or not (path.parent / to).is_file()]  # fmt: skip
    assert wrong == []


def test_logic_knows_no_browser(scripts: list[Path]) -> None:
    logic = [path for path in scripts if path.parent.name == "logic"]
    found = {path.name: BROWSER.findall(COMMENT.sub("", path.read_text())) for path in logic}
    assert {name: words for name, words in found.items() if words} == {}


def imports(path: Path) -> list[tuple[str, str]]:
    return IMPORT.findall(COMMENT.sub("", path.read_text()))


def room_of(path: Path, to: str) -> str:
    return (path.parent / to).resolve().parent.name
