"""What no file of the project may hold, and what the vendored ones are."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

# In two parts each, so that this file may be read by its own test.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me|Us" + r"ers)/\w"),
    "the address of a package index": re.compile(r"pypi\." + r"org|pythonhosted" + r"\.org|registry\.npm" + r"js"),
    "a mark of unfinished work": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + r"Error"),
    "a check switched off without saying which": re.compile(r"#\s*type:\s*ig" + r"nore(?!\[)|#\s*no" + r"qa(?!:)"),
}
TEXT = {".py", ".md", ".toml", ".js", ".css", ".html", ".svg", ".json", ".csv", ".lock", ".txt", ".yml", ".yaml", ""}


def test_no_file_holds_what_none_may(root: Path, files: list[Path]) -> None:
    found = []
    for path in files:
        if path.suffix in TEXT:
            lines = path.read_text(errors="replace").splitlines()
            found += [
                f"{path.relative_to(root)}:{number}: {what}"
                for number, line in enumerate(lines, start=1)
                for what, pattern in FORBIDDEN.items()
                if pattern.search(line)
            ]
    assert found == []


def test_vendored_files_are_those_of_the_manifest(root: Path) -> None:
    """vendor.toml says of every file its version, where it is from, its licence and its SHA-256."""
    for folder in (root / "src").rglob("vendor"):
        listed = {entry["name"]: entry for entry in tomllib.loads((folder / "vendor.toml").read_text())["file"]}
        there = {path.name for path in folder.iterdir() if path.name != "vendor.toml" and ".LICENSE" not in path.name}
        assert there == set(listed), folder
        for name, entry in listed.items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"], folder / name
            assert entry["version"] and entry["from"] and entry["licence"], folder / name
