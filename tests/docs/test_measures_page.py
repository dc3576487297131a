"""The measures' page says what the code and its pictures say, of every measure."""

import inspect
from dataclasses import replace

import pytest
from tests.docs import made
from tests.docs.formulas import FORMULAS, SIGNS, docstring
from tests.docs.measures_page import BEGIN, END, HEADING, MADE, PICTURES, SECTIONS

from attunement import measures

PAGE = made.MEASURES.read_text(encoding="utf-8")
NO_MEASURE = {"agreement_json", "as_json", "measure_all"}  # they gather and print


def test_what_is_made_in_the_page_is_what_the_code_says_now():
    assert made.measures() == PAGE


def test_every_measure_has_its_section():
    functions = {name for name in measures.__all__ if inspect.isfunction(getattr(measures, name))}
    assert {name for section in SECTIONS.values() for name in section.functions} == functions - NO_MEASURE
    assert {*SECTIONS, PICTURES} <= set(HEADING.findall(PAGE))


def test_every_section_has_prose_by_hand_and_what_is_made():
    for part in PAGE.split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        by_hand, made_here, rest = text.partition(BEGIN)
        assert len(by_hand.split()) > 20 or heading == PICTURES, heading
        assert bool(made_here) == (heading in SECTIONS or heading == PICTURES), heading
        assert rest.count(END) == bool(made_here), heading


@pytest.mark.parametrize(
    "default", ["window_ms=5000", "gap_ms=5000", "calm_ms=10000", "unit_ms=1000", "permutations=1000"]
)
def test_the_defaults_are_shown(default):
    assert default in PAGE


def test_a_picture_that_is_no_test_any_more_is_noticed(monkeypatch):
    monkeypatch.setitem(SECTIONS, "Replies", replace(SECTIONS["Replies"], pictures=["nobody_drew_this"]))
    with pytest.raises(KeyError, match="nobody_drew_this"):
        made.measures()


def test_prose_by_hand_is_left_as_it_is(monkeypatch):
    page = PAGE.replace("## Latency\n", "## Latency\n\nA sentence of ours.\n")
    monkeypatch.setattr(made, "MEASURES", _Page(page))
    assert made.measures() == PAGE.replace("## Latency\n", "## Latency\n\nA sentence of ours.\n")


class _Page:
    def __init__(self, text):
        self.text = text

    def read_text(self, encoding):
        return self.text


def test_no_formula_is_written_by_hand():
    """It would be a second definition, and nothing would hold it to the first."""
    by_hand = MADE.sub("", PAGE)
    assert [line for line in by_hand.splitlines() if SIGNS.search(line)] == []
    assert SIGNS.search("- `phi` = (ad − bc) / (ad + bc)") and SIGNS.search("ln(ad / bc) ± 1.96")


def test_every_measure_shows_its_formulas_as_their_docstrings_give_them():
    assert set(FORMULAS) == set(SECTIONS)
    for heading, places in FORMULAS.items():
        part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
        for where in places:
            assert " ".join(docstring(where).replace("*", r"\*").split()) in part, where


def test_every_number_with_an_interval_shows_how_it_is_made():
    """Whatever in measures is called an interval is on the page by its own docstring."""
    told = {where.rpartition(":")[2] for places in FORMULAS.values() for where in places}
    intervals = {
        f"{kind.__name__}.{name}"
        for kind in vars(measures).values() if inspect.isclass(kind)
        for name, one in vars(kind).items() if "interval" in name and isinstance(one, property)
    }  # fmt: skip
    assert intervals == {"Share.interval", "ServeReturn.interval", "Contingency.log_odds_interval"} <= told


def test_a_formula_that_is_not_there_any_more_is_noticed(monkeypatch):
    monkeypatch.setitem(FORMULAS, "Replies", ["measures.replies:Share.signals"])
    with pytest.raises(KeyError, match="no docstring"):
        made.measures()
