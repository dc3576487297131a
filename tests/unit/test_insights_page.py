"""The page about notes states the numbers that the code uses."""

import re
from math import comb
from pathlib import Path

import pytest

from attunement.constants import number
from attunement.insights import Tally

PAGE = (Path(__file__).parents[2] / "docs/explanation/what-notes-can-say.md").read_text(encoding="utf-8")
STATED = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", PAGE, re.MULTILINE)
WORDS = re.findall(r"^\| (\d+) \| (\d+) or fewer \| (\d+) or more \| ([\d.]+) % \|", PAGE, re.MULTILINE)


def test_every_constant_stands_as_the_code_has_it():
    assert len(STATED) == 16
    assert {key: float(value) for key, value in STATED} == {key: number(key) for key, _ in STATED}


@pytest.mark.parametrize(("n", "fewer", "more", "percent"), WORDS)
def test_the_table_of_words_is_what_the_rule_says(n, fewer, more, percent):
    words = [Tally(k, int(n), int(n)).words() for k in range(int(n) + 1)]
    told = [k for k, word in enumerate(words) if word == "fewer-than-half"]
    assert told[-1] == int(fewer)
    assert words.index("more-than-half") == int(more)
    chance = sum(comb(int(n), k) * 0.6**k * 0.4 ** (int(n) - k) for k in told)
    assert f"{100 * chance:.1f}" == percent


def test_the_table_of_words_was_found():
    assert [int(row[0]) for row in WORDS] == [8, 10, 20, 30, 50]
