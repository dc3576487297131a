"""What every answer carries (W1), that nothing typed ever becomes part of a page (W3), and no foreign address (W2)."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.web.matrix.asking import Cell
from tests.web.matrix.world import OURS, THEIRS

import attunement_web

pytestmark = pytest.mark.django_db
ROOT = Path(attunement_web.__file__).parent
POLICY = ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action")
SAME = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
KEPT = {"learning:urgent", "learning:unsafe", "offline:manifest", "offline:worker", "offline:shell"}  # nobody's words
FETCHED = {("link", "href"), ("img", "src"), ("script", "src"), ("iframe", "src"), ("form", "action"), ("use", "href"),
           ("source", "src"), ("video", "src"), ("audio", "src"), ("button", "formaction"), ("object", "data")}  # fmt: skip


class Page(HTMLParser):
    """What in a page runs, is fetched, or looks as if somebody had typed it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"style", "base"} or tag.startswith("x-") or (tag == "script" and not given.get("src")):
            self.wrong += [] if given.get("type") == "application/json" else [f"<{tag}>"]
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (value or "").strip().lower().startswith("javascript:"):
                self.wrong.append(f"{tag} {name}={value}")
            if (tag, name) in FETCHED and re.match(r"\s*(\w+:)?//", value or ""):
                self.wrong.append(f"{tag} {name}={value}")


def is_page(cell: Cell) -> bool:
    return cell.answer.headers.get("Content-Type", "").startswith("text/html")


def test_every_answer_of_every_route_carries_the_headers(cells: list[Cell]) -> None:
    wrong = [f"{cell}: {name}" for cell in cells for name in lacking(cell)]
    assert not wrong, "\n".join(wrong[:50])


def lacking(cell: Cell) -> list[str]:
    headers = cell.answer.headers
    policy = headers.get("Content-Security-Policy", "")
    nothing = "default-src 'none'" in policy  # of programs' answers: they load nothing at all
    missing = [part for part in POLICY if part not in policy and not (nothing and part == "object-src 'none'")] + [
        name for name in SAME if headers.get(name) != SAME[name]
    ]
    missing += ["default-src"] * ("default-src 'self'" not in policy and not nothing)
    missing += ["unsafe or any"] * bool(re.search(r"unsafe|\*|https?:|data:", policy))
    missing += ["Permissions-Policy"] * (
        is_page(cell) and "geolocation=()" not in headers.get("Permissions-Policy", "")
    )
    missing += ["no-store"] * (cell.route.name not in KEPT and "no-store" not in headers.get("Cache-Control", ""))
    missing += ["charset"] * (is_page(cell) and "utf-8" not in headers["Content-Type"])
    return missing + ["CORS"] * ("Access-Control-Allow-Origin" in headers)


def test_nothing_typed_becomes_part_of_a_page_and_nothing_foreign_is_fetched(cells: list[Cell]) -> None:
    shown = [cell for cell in cells if is_page(cell) and cell.body]
    distinct = {cell.body: cell for cell in shown}
    wrong = [f"{cell}: {Page(text.decode()).wrong}" for text, cell in distinct.items() if Page(text.decode()).wrong]
    assert not wrong, "\n".join(wrong[:50])
    for word in (OURS, THEIRS):
        raw = [str(cell) for text, cell in distinct.items() if f"<x-{word}".encode() in text]
        assert not raw, "\n".join(raw)
        assert sum(f"&lt;x-{word}".encode() in text for text in distinct) > 10


def test_answers_that_are_no_pages_are_never_read_as_one(cells: list[Cell]) -> None:
    kinds = {cell.answer.headers.get("Content-Type", "") for cell in cells if not is_page(cell) and cell.body}
    known = {
        "application/json",
        "application/manifest+json",
        "text/javascript; charset=utf-8",
        "application/zip",
        "application/json; charset=utf-8",
    }
    assert kinds <= known


def test_no_asset_and_no_template_asks_another_machine_for_anything() -> None:
    files = [*ROOT.glob("*/static/**/*.css"), *ROOT.glob("*/static/**/*.js"), *ROOT.glob("*/static/**/*.svg"),
             *ROOT.glob("*/templates/**/*")]  # fmt: skip
    asks = re.compile(
        r"""(?:url\(|@import|import\s*\(|from\s+|fetch\(|src=|<link[^>]*href=|action=)\s*["']?(?:https?:)?//\w"""
    )
    found = [
        f"{one.name}: {asks.search(text)[0]}"
        for one in files
        if one.is_file()
        for text in [one.read_text()]
        if asks.search(text)
    ]
    assert len(files) > 100
    assert not found
