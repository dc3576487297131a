"""The sheet of OWASP's list is whole: every row of level 1 once, and the sums at its head are right."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

SHEET = Path(__file__).parents[2] / "docs" / "reference" / "asvs.md"
# ASVS 5.0.0, level 1: by section, the last numbers of its rows.
LEVEL_1 = {
    "1.2": "1-5", "1.3": "1-2", "1.5": "1", "2.1": "1", "2.2": "1-2", "2.3": "1", "3.2": "1-2", "3.3": "1", "3.4": "1-2",
    "3.5": "1-3", "4.1": "1", "4.4": "1", "5.2": "1-2", "5.3": "1-2", "6.1": "1", "6.2": "1-8", "6.3": "1-2",
    "6.4": "1-2", "7.2": "1-4", "7.4": "1-2", "8.1": "1", "8.2": "1-2", "8.3": "1", "9.1": "1-3", "9.2": "1",
    "10.4": "1-5", "11.3": "1-2", "11.4": "1", "12.1": "1", "12.2": "1-2", "13.4": "1", "14.2": "1", "14.3": "1",
    "15.1": "1", "15.2": "1", "15.3": "1",
}  # fmt: skip


def expanded() -> list[str]:
    found = []
    for section, numbers in LEVEL_1.items():
        first, _, last = numbers.partition("-")
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def rows(part: str) -> list[tuple[str, str]]:
    """(row, state) for each number in each line of this part's table."""
    text = SHEET.read_text().partition(f"## {part}")[2].partition("\n## ")[0]
    found = []
    for numbers, state in re.findall(r"^\| ([\d., to]+) \| ([a-z ]+) \|", text, re.MULTILINE):
        first, is_span, last = numbers.partition(" to ")
        if is_span:
            section = first.rpartition(".")[0]
            numbers = ",".join(f"{section}.{n}" for n in range(int(first.split(".")[-1]), int(last.split(".")[-1]) + 1))
        found += [(one.strip(), state) for one in numbers.split(",")]
    return found


def test_every_row_of_level_1_has_its_state() -> None:
    assert sorted(row for row, _ in rows("Level 1")) == sorted(expanded())
    assert len(expanded()) == 70


def test_the_sums_at_its_head_are_those_of_the_table() -> None:
    sums = Counter(state for _, state in rows("Level 1"))
    said = re.search(r"Level 1: (\d+) met, (\d+) deviate, (\d+) open, (\d+) host, (\d+) none here", SHEET.read_text())
    assert said is not None
    assert [int(one) for one in said.groups()] == [
        sums[one] for one in ("met", "deviates", "open", "host", "none here")
    ]


def test_of_level_2_only_what_is_not_met_is_listed() -> None:
    assert {state for _, state in rows("Level 2")} == {"open", "deviates", "host"}
    assert not {row for row, _ in rows("Level 2")} & set(expanded())


def test_what_it_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w./]+)`", SHEET.read_text()))
    assert len(named) > 5
    root = SHEET.parents[2]
    assert not [one for one in named if not (root / one).exists()]
