"""`attunement agreement`: two files in, words or JSON out, one line for what goes wrong."""

import json
from pathlib import Path

import pytest

from attunement.cli import main

HEAD = "tier,value,start_ms,end_ms\n"
FIRST = HEAD + "".join(
    f"child,{'coo' if at % 3 else 'look-away'},{at * 4_000},{at * 4_000 + 1_500}\n"
    f"mother,talk,{at * 4_000 + 1_600},{at * 4_000 + 3_000}\n"
    for at in range(15)
)
SECOND = FIRST.replace("coo,20000,21500", "look-away,20300,21500").replace("mother,talk,1600,3000\n", "")


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "one.csv").write_text(FIRST, encoding="utf-8")
    (tmp_path / "two.csv").write_text(SECOND, encoding="utf-8")
    return str(tmp_path / "one.csv"), str(tmp_path / "two.csv")


def test_in_words(files, capsys):
    assert main(["agreement", *files, "--scheme", "attunement"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "one.csv and two.csv, scheme attunement 1.0\nBoth watched 59 s; time units of 1 s, onsets within 1 s."
    )
    assert "child\n  time units        the same in 97 % of 59 units; kappa 0.9" in said
    assert "events            15 and 14: 14 linked, 14 with the same code" in said
    assert "depends on" in said  # kappa and its margins belong together


def test_as_json(files, capsys):
    assert main(["agreement", *files, "--json", "--unit", "500ms", "--tolerance", "2s"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"attunement", "files", "sessions"}
    (session,) = answer["sessions"]
    assert session["agreement"]["parameters"] == {
        "unit_ms": 500, "tolerance_ms": 2_000, "both_ms": 59_000, "outside": 0, "nothing": "(nothing)",
    }  # fmt: skip
    assert [one["actor"] for one in session["agreement"]["actors"]] == ["child", "mother"]


def test_a_file_no_scheme_knows_is_compared_as_written(tmp_path, capsys):
    for name, value in (("a.csv", "flurb"), ("b.csv", "wibble")):
        rows = "".join(f"X,{value if at % 4 else 'plonk'},{at * 1_000},{at * 1_000 + 900}\n" for at in range(20))
        (tmp_path / name).write_text(HEAD + rows, encoding="utf-8")
    assert main(["agreement", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--json"]) == 0
    (actor,) = json.loads(capsys.readouterr().out)["sessions"][0]["agreement"]["actors"]
    assert actor["codes"] == ["plonk", "flurb", "wibble", "(nothing)"]
    assert actor["events"]["same"] == 5


def test_a_file_compared_with_itself_agrees(files, capsys):
    assert main(["agreement", files[0], files[0], "--json"]) == 0
    for actor in json.loads(capsys.readouterr().out)["sessions"][0]["agreement"]["actors"]:
        assert actor["time_units"]["kappa"] == 1
        assert actor["events"]["linked"] == actor["events"]["same"] == 15


@pytest.mark.parametrize(
    ("more", "code"), [(["--unit", "0"], 2), (["--tolerance", "soon"], 2), (["--scheme", "nobody"], 2)]
)
def test_wrong_use_is_one_line(files, capsys, more, code):
    assert main(["agreement", *files, *more]) == code
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_is_not_there(files, capsys):
    assert main(["agreement", files[0], "nowhere.csv"]) == 4
    assert "nowhere.csv" in capsys.readouterr().err


def test_an_issue_that_forbids_a_number(files, tmp_path, capsys):
    (tmp_path / "odd.csv").write_text(FIRST + "child,coo,9000,8000\n", encoding="utf-8")
    assert main(["agreement", files[0], str(tmp_path / "odd.csv")]) == 3
    told = capsys.readouterr()
    assert "in the way of a number" in told.out and "odd.csv" in told.err
    assert main(["agreement", files[0], str(tmp_path / "odd.csv"), "--despite-issues"]) == 0


def test_files_with_several_sessions_are_compared_by_name(tmp_path, capsys):
    rttm = "".join(
        f"SPEAKER {name} 1 {at * 3}.0 1.5 <NA> <NA> {who} <NA> <NA>\n"
        for name in ("day1", "day2") for at in range(12) for who in (["KCHI"] if at % 2 else ["FEM"])
    )  # fmt: skip
    (tmp_path / "a.rttm").write_text(rttm, encoding="utf-8")
    (tmp_path / "b.rttm").write_text(rttm.replace("day2", "day3"), encoding="utf-8")
    (tmp_path / "c.rttm").write_text(rttm.replace("day", "night"), encoding="utf-8")
    assert main(["agreement", str(tmp_path / "a.rttm"), str(tmp_path / "b.rttm"), "--json"]) == 0
    assert [one["session"] for one in json.loads(capsys.readouterr().out)["sessions"]] == ["day1"]
    assert main(["agreement", str(tmp_path / "a.rttm"), str(tmp_path / "c.rttm")]) == 2
    assert "session" in capsys.readouterr().err
