"""The page of JSON keys has every key that is printed and no other; its exit codes are those that are given."""

import json
import re

import pytest
from tests.docs import made
from tests.docs.keys import paths

from attunement import cli
from attunement.cli import BUG, INTERRUPTED, READER_LEFT
from attunement.errors import ExitCode

PAGE = (made.ROOT / "docs/reference/json.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^##+ (.*?)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
GARBAGE = b"\x00\x01\x02 neither a table nor XML"
REVERSED = "onset,offset,tier,code\n1000,2000,child,coo\n9000,3000,mother,talk\n"


def on_page():
    for heading, text in SECTION.findall(PAGE):
        prefix = f"{heading.strip('`')}." if heading.startswith("`") else ""
        if heading != "Exit codes":
            for cell in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE):
                yield from (prefix + key for key in re.findall(r"`([^`]+)`", cell))


def test_every_key_that_is_printed_stands_on_the_page_and_no_other(capsys):
    assert cli.main(["measure", str(made.VISIT), "--json"]) == ExitCode.DONE
    printed = set(paths(json.loads(capsys.readouterr().out)))
    listed = list(on_page())
    assert set(listed) == printed
    assert len(listed) == len(printed) > 150  # each stands once


def test_the_exit_codes_are_those_of_the_program():
    named = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    assert named == {*ExitCode, BUG, INTERRUPTED, READER_LEFT}


@pytest.mark.parametrize(
    ("name", "content", "options", "code"),
    [
        ("visit.eaf", None, [], 0),
        ("visit.eaf", None, ["--window", "soon"], 2),
        ("visit.eaf", None, ["--scheme", "nobody's"], 2),
        ("reversed.csv", REVERSED.encode(), [], 3),
        ("reversed.csv", REVERSED.encode(), ["--despite-issues"], 0),
        ("garbage.bin", GARBAGE, [], 4),
    ],
)
def test_each_exit_code_is_given_for_what_the_page_says(name, content, options, code, tmp_path, capsys):
    file = tmp_path / name
    file.write_bytes(made.VISIT.read_bytes() if content is None else content)
    assert cli.main(["measure", str(file), "--json", *options]) == code
    said = capsys.readouterr()
    if code == ExitCode.NO_NUMBER:
        assert set(json.loads(said.out)["files"][0]["measures"].values()) == {None}
    assert bool(said.err) == (code in (ExitCode.WRONG_USE, ExitCode.NOT_READABLE))


def test_of_several_files_the_highest_code_is_given_and_the_others_are_measured(tmp_path, capsys):
    assert cli.main(["measure", str(made.VISIT), str(tmp_path / "nowhere.eaf"), "--json"]) == ExitCode.NOT_READABLE
    assert [one["file"]["name"] for one in json.loads(capsys.readouterr().out)["files"]] == [made.VISIT.name]


def test_a_file_of_several_recordings_has_the_names_of_its_sessions(tmp_path, capsys):
    (tmp_path / "two.rttm").write_text("".join(f"SPEAKER {name} 1 1.0 1.0 <NA> <NA> KCHI <NA> <NA>\n" for name in "ab"))
    cli.main(["measure", str(tmp_path / "two.rttm"), "--json"])
    assert [one["session"]["name"] for one in json.loads(capsys.readouterr().out)["files"]] == ["a", "b"]
