"""Every signal, act and outcome has one line drawing of our own, all drawn with the same pen."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

import attunement
import attunement_web

SVG = "{http://www.w3.org/2000/svg}"
STATIC = Path(attunement_web.__file__).parent / "shell" / "static" / "shell"
TEMPLATES = Path(attunement_web.__file__).parent
CODES = Path(attunement.__file__).parent / "schemes" / "content" / "signals.csv"
PEN = {
    "viewBox": "0 0 24 24",
    "fill": "none",
    "stroke": "currentColor",
    "stroke-width": "1.75",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
}


@pytest.fixture(scope="module")
def symbols() -> list[etree._Element]:
    sprite = etree.fromstring((STATIC / "icons.svg").read_bytes())
    assert sprite.tag == f"{SVG}svg"
    return list(sprite)


def test_every_code_of_the_scheme_has_a_drawing(symbols: list[etree._Element]) -> None:
    with CODES.open(encoding="utf-8", newline="") as rows:
        codes = {row["id"] for row in csv.DictReader(rows)}
    assert len(codes) > 100
    assert codes <= {symbol.get("id") for symbol in symbols}


def test_every_icon_named_in_a_template_has_a_drawing(symbols: list[etree._Element]) -> None:
    pages = [page.read_text(encoding="utf-8") for page in TEMPLATES.rglob("*.html")]
    named = {name for page in pages for name in re.findall(r'{% icon "([^"]+)" %}', page)}
    assert "ui-note" in named
    assert named <= {symbol.get("id") for symbol in symbols}


def test_no_two_drawings_share_a_name_or_a_picture(symbols: list[etree._Element]) -> None:
    names = Counter(symbol.get("id") for symbol in symbols)
    assert [name for name, times in names.items() if times > 1] == []
    pictures = Counter(b"".join(etree.tostring(shape) for shape in symbol) for symbol in symbols)
    twins = [times for times in pictures.values() if times > 1]
    assert twins == []


def test_all_are_drawn_with_one_pen(symbols: list[etree._Element]) -> None:
    for symbol in symbols:
        assert symbol.tag == f"{SVG}symbol"
        assert {key: value for key, value in symbol.attrib.items() if key != "id"} == PEN, symbol.get("id")


def test_a_drawing_is_lines_in_the_colour_of_the_words(symbols: list[etree._Element]) -> None:
    for symbol in symbols:
        assert len(symbol) > 0, symbol.get("id")
        for shape in symbol.iterdescendants():
            assert shape.tag == f"{SVG}path", symbol.get("id")
            assert set(shape.attrib) <= {"d", "fill"}, symbol.get("id")
            assert shape.get("fill", "none") in {"none", "currentColor"}, symbol.get("id")


def test_the_sprite_stays_small_enough_for_a_cold_first_page() -> None:
    sprite = (STATIC / "icons.svg").read_bytes()
    assert len(sprite) <= 36 * 1024
    assert len(gzip.compress(sprite, 9)) <= 8 * 1024


@pytest.mark.parametrize("name", ["favicon.svg", "app-icon.svg"])
def test_the_mark_of_the_app_stands_alone(name: str) -> None:
    mark = etree.fromstring((STATIC / name).read_bytes())
    assert mark.tag == f"{SVG}svg"
    assert {shape.tag for shape in mark} == {f"{SVG}rect", f"{SVG}path", f"{SVG}circle"}
    assert not [shape for shape in mark.iter() if "href" in "".join(shape.attrib)]
