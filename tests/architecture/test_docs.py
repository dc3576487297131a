"""The documents point at things that exist, and nothing that people set or run is left out of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
SETTING = re.compile(r"ATTUNEMENT_[A-Z_]+")
READ = re.compile(r"\b(?:text|switch|several|folder|time_zone|place)\(\"([A-Z_]+)\"")


def test_every_link_leads_somewhere(root: Path, files: list[Path]) -> None:
    pages = [path for path in files if path.suffix == ".md"]
    dead = [
        f"{page.relative_to(root)}: {to}" for page in pages for to in links(page) if not (page.parent / to).exists()
    ]
    assert dead == []


def links(page: Path) -> list[str]:
    return LINK.findall(page.read_text())


def test_every_page_of_the_docs_can_be_reached_from_their_front_page(root: Path) -> None:
    docs = root / "docs"
    reached, waiting = set(), [docs / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page.suffix == ".md" and page not in reached:
            reached.add(page)
            waiting += [page.parent / to for to in links(page)]
    assert {path.resolve() for path in docs.rglob("*.md")} - reached == set()


def test_each_decision_fits_one_screen_and_says_why(root: Path) -> None:
    for record in (root / "docs/adr").glob("0*.md"):
        text = record.read_text()
        assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], record.name
        assert len(text.splitlines()) <= 60, record.name


def test_the_settings_page_and_the_settings_name_the_same_variables(root: Path) -> None:
    site = root / "src/attunement_web/site"
    read = {f"ATTUNEMENT_{name}" for path in site.glob("*.py") for name in READ.findall(path.read_text())}
    assert set(SETTING.findall((root / "docs/reference/settings.md").read_text())) == read
    assert set(SETTING.findall((site / "settings.py").read_text())) == read


def test_the_house_is_drawn_with_every_room(root: Path) -> None:
    drawn = set(re.findall(r"\w+", (root / "docs/explanation/house.md").read_text()))
    rooms = [path for package in ("attunement", "attunement_web") for path in (root / "src" / package).iterdir()]
    names = {path.stem for path in rooms if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}
    assert len(names) > 10
    assert names - drawn == set()


@pytest.mark.parametrize("command", ["server", "test", "check", "bench", "lock"])
def test_the_developers_page_names_every_command(root: Path, command: str) -> None:
    assert (root / "script" / command).exists()
    assert f"script/{command}" in (root / "DEVELOPING.md").read_text()
