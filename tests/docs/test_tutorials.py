"""The tutorials are run: every command and every cell, and what they show is what comes out.

`python -m tests.docs` writes what comes out into the pages.
"""

import re

import pytest
from tests.docs import made
from tests.docs.shown import with_code_run, with_commands_run

from attunement import formats
from attunement.measures import measure_all
from attunement.schemes import coding_of


def test_the_recording_of_the_tutorials_is_the_one_that_we_wrote():
    assert made.VISIT.read_bytes() == made.visit()
    assert made.VISIT.stat().st_size < 60_000


def test_the_recording_is_one_that_could_be():
    coding = coding_of(formats.read(made.VISIT).session)
    assert coding.scheme.name == "attunement"
    nine_months = [coding.scheme.codes[at] for at in set(coding.events.code.tolist())]
    assert [code.id for code in nine_months if not code.from_month <= 9 <= code.to_month] == []
    assert measure_all(coding, chance=False, only={"comfort"}).comfort.episodes == 3


def test_each_command_says_what_the_first_tutorial_shows():
    assert made.FIRST_RECORDING.read_text(encoding="utf-8") == made.first_recording()


def test_each_cell_gives_what_the_python_tutorial_shows():
    assert made.FROM_PYTHON.read_text(encoding="utf-8") == made.from_python()


def test_the_finding_in_words_has_the_numbers_that_were_measured():
    page = made.FIRST_RECORDING.read_text(encoding="utf-8")
    finding = " ".join(re.findall(r"^> (.*)$", page, re.MULTILINE))
    coding = coding_of(formats.read(made.VISIT).session)
    found = measure_all(coding, window_ms=2_000, only={"replies"}).replies
    low, high = (f"{end:.0%}"[:-1] for end in found.total.interval)
    said = f"{found.total.answered} of the child's {found.total.signals} signals ({found.total.share:.0%}"
    assert said.replace("%", " %") in finding
    assert f"interval {low} to {high} %" in finding
    assert f"any other time, {found.chance:.0%} would have".replace("%", " %") in finding


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("```console\n$ echo one\nWRONG\n```", "```console\n$ echo one\none\n```"),
        (
            "```console\n$ seq 9\n...\n4\n0\n...\n9\n```",
            "```console\n$ seq 9\n...\n4\n5\n...\n9\n```",
        ),
        ("```console\n$ seq 2\n...\n7\n```", "```console\n$ seq 2\n...\n(this is not said any more)\n```"),
        ("```console\n$ exit 3\n$ echo two\n```", "```console\n$ exit 3\n$ echo two\ntwo\n```"),
    ],
)
def test_what_a_command_really_says_replaces_what_the_page_shows(page, shown, tmp_path):
    assert with_commands_run(page, tmp_path) == shown


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("```python\n1 + 1\n```\n\n```text\n3\n```", "```python\n1 + 1\n```\n\n```text\n2\n```"),
        ("```python\na = 1\n```\n\n```python\na\n```", "```python\na = 1\n```\n\n```python\na\n```\n\n```text\n1\n```"),
    ],
)
def test_what_a_cell_really_gives_replaces_what_the_page_shows(page, shown, tmp_path):
    assert with_code_run(page, tmp_path) == shown
