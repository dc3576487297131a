"""From a file to numbers and to a report: the JSON contract, exit codes, words, and names that mean no harm."""

import json
import random
import re
from pathlib import Path

import pytest

from attunement.cli import main
from attunement.measures import NAMES
from attunement.reports import as_record, build, measure_bytes, to_html, to_markdown, to_text

VISIT = """tier,value,start_ms,end_ms
child,coo,1000,1800
parent,talk,2500,3500
child,coo,6000,6400
parent,talk,20000,21000
child,cry,30000,34000
parent,rock,33000,36000
child,look-away,50000,50000
parent,give-space,51000,53000
child,coo,60000,60500
parent,talk,60800,61500
"""
KEYS = {
    "replies": {"parameters", "signals", "answered", "late", "misread", "missed", "share", "interval", "chance"},
    "latency": {"parameters", "median_ms", "quartiles_ms"},
    "turns": {"parameters", "pairs", "lena_count", "lena_like_count", "conversations", "chance"},
    "repair": {"parameters", "match_share", "repairs_per_minute", "median_ms"},
    "comfort": {"parameters", "episodes", "together", "alone", "unresolved", "median_ms"},
}


@pytest.fixture
def visit(tmp_path: Path) -> Path:
    path = tmp_path / "visit.csv"
    path.write_text(VISIT, encoding="utf-8")
    return path


def measured(text: str = VISIT, name: str = "visit.csv", **how):
    return measure_bytes(text.encode(), name, **how)


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main([*argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_json_has_the_agreed_keys_and_no_others(visit, capsys):
    code, out, _ = printed(capsys, "measure", str(visit), "--json")
    answer = json.loads(out)
    (file,) = answer["files"]
    assert code == 0
    assert set(answer) == {"attunement", "files"}
    assert set(file) == {"file", "scheme", "session", "issues", "measures"}
    assert set(file["file"]) == {"name", "sha256", "format"}
    assert set(file["session"]) == {"duration_ms", "events", "actors"}
    assert set(file["measures"]) == set(NAMES)
    assert {name: set(file["measures"][name]) for name in KEYS} == KEYS
    assert set(file["measures"]["states"]["child"]["coo"]) == {"count", "total_ms", "mean_ms", "rate_per_hour"}


def test_the_numbers_are_those_one_counts_by_hand():
    found = as_record(measured())["measures"]
    counts = [found["replies"][key] for key in ("signals", "answered", "late", "misread", "missed")]
    assert counts == [5, 4, 1, 0, 0]
    assert found["comfort"]["episodes"] == found["comfort"]["together"] == 1
    cry = found["states"]["child"]["cry"]
    assert (cry["count"], cry["total_ms"], cry["mean_ms"]) == (1, 4000, 4000.0)
    assert cry["rate_per_hour"] == pytest.approx(3600 / 61.5)


def test_a_narrower_window_answers_fewer():
    narrow = as_record(measured(window_ms=500))["measures"]["replies"]
    assert (narrow["answered"], narrow["late"]) == (2, 3)
    assert narrow["parameters"]["window_ms"] == 500


def test_below_the_fewest_signals_there_is_no_share():
    few = as_record(measured("\n".join(VISIT.splitlines()[:5])))["measures"]["replies"]
    assert (few["signals"], few["share"], few["interval"], few["chance"]) == (2, None, None, None)


def test_an_issue_that_forbids_a_number_leaves_none(tmp_path, capsys):
    path = tmp_path / "reversed.csv"
    path.write_text(VISIT + "child,coo,70000,69000\n", encoding="utf-8")
    code, out, _ = printed(capsys, "measure", str(path), "--json")
    (file,) = json.loads(out)["files"]
    assert code == 3
    assert file["measures"] == dict.fromkeys(NAMES)
    assert any(issue["severity"] == "error" and "child" in issue["place"] for issue in file["issues"])
    code, out, _ = printed(capsys, "measure", str(path), "--json", "--despite-issues")
    assert code == 0
    assert json.loads(out)["files"][0]["measures"]["replies"]["signals"] == 5


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["measure", "nowhere.eaf"], 4, "cannot be opened"),
        (["measure"], 2, "required: FILE"),
        (["measure", "VISIT", "--window", "soon"], 2, "no length of time"),
        (["measure", "VISIT", "--scheme", "nothing"], 2, "no scheme of this name"),
        (["measure", "VISIT", "--windw", "5s"], 2, "unrecognized"),
        (["report", "VISIT", "--out", "visit.docx"], 2, "use .html, .md or .json"),
        (["report", "VISIT"], 2, "required: --out"),
        (["report", "VISIT", "--out", "no/such/folder/x.md"], 2, "cannot be written"),
    ],
)
def test_wrong_use_gets_one_line_that_says_what_to_do(visit, capsys, argv, code, words):
    found, out, err = printed(capsys, *[str(visit) if word == "VISIT" else word for word in argv])
    assert found == code
    assert out == ""
    assert err.count("\n") == 1
    assert words in err
    assert "Traceback" not in err


def test_one_unreadable_file_does_not_end_the_others(visit, tmp_path, capsys):
    broken = tmp_path / "broken.eaf"
    broken.write_bytes(b"<ANNOTATION_DOCUMENT><TIER")
    code, out, err = printed(capsys, "measure", str(broken), str(visit), "--json")
    assert code == 4
    assert [file["file"]["name"] for file in json.loads(out)["files"]] == ["visit.csv"]
    assert "broken.eaf" in err


@pytest.mark.parametrize("ending", [".html", ".md", ".json"])
def test_a_report_is_written_in_each_form(visit, tmp_path, capsys, ending):
    out = tmp_path / f"report{ending}"
    assert printed(capsys, "report", str(visit), "--out", str(out))[0] == 0
    words = out.read_text(encoding="utf-8")
    assert "5 signals: 4 answered, 1 late" in words
    assert "does not screen or diagnose" in words


def test_a_report_that_is_there_already_is_written_over_only_when_asked(visit, tmp_path, capsys):
    out = tmp_path / "report.md"
    out.write_text("my own remarks")
    code, said, err = printed(capsys, "report", str(visit), "--out", str(out))
    assert (code, said, out.read_text()) == (2, "", "my own remarks")
    assert "there already" in err
    assert printed(capsys, "report", str(visit), "--out", str(out), "--force")[0] == 0
    assert "5 signals" in out.read_text(encoding="utf-8")


def test_the_report_page_stands_alone():
    page = to_html(build(measured()))
    assert "<script" not in page
    assert set(re.findall(r"(?:src|href)=", page)) == set()
    assert set(re.findall(r"https?://[^\s\"<]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert page.count("<svg") == page.count("<title id=") == page.count("<desc id=") == 2


def test_names_in_a_file_are_shown_and_never_run():
    evil = '"<img src=x onerror=alert(1)>","<script>alert(2)</script> | `x` [y](z)",100,200\n'
    report = build(measured("tier,value,start_ms,end_ms\n" + evil * 3, "<b>.csv"))
    page, text = to_html(report), to_markdown(report)
    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?<!\\)<script", text)  # Markdown shows it as it is
    assert "[y](z)" not in text


def test_the_text_for_the_terminal_keeps_to_its_width():
    assert max(map(len, to_text(build(measured())).splitlines())) <= 110


def test_a_table_that_is_cut_says_of_how_many_rows():
    some = random.Random(1)
    rows = "".join(f"child,c{some.randrange(20)},{at * 1_000},{at * 1_000 + 500}\n" for at in range(400))
    told = to_text(build(measure_bytes(f"tier,value,start_ms,end_ms\n{rows}".encode(), "own.csv")))
    (said,) = [line.strip() for line in told.splitlines() if line.strip().startswith("Transitions")]
    of = int(re.search(r"the first 60 of (\d+) rows: see the report; --json has every row", said)[1])
    assert of > 60


def test_a_file_that_no_scheme_knows_still_gives_its_states(capsys):
    found = as_record(measured("tier,value,start_ms,end_ms\nrobin,sings,0,1000\nrobin,sings,2000,3000\n"))
    assert found["scheme"]["name"] == "as-written"
    assert found["measures"]["states"]["robin"]["sings"]["count"] == 2
    assert found["measures"]["replies"]["signals"] is None


def test_a_file_of_several_sessions_gives_each_its_own_numbers_and_report(tmp_path, capsys):
    path = tmp_path / "days.rttm"
    rows = [("one", "KCHI", 1), ("one", "FEM", 3), ("two", "KCHI", 1), ("two", "KCHI", 5)]
    path.write_text("".join(f"SPEAKER {day} 1 {at}.0 1.0 <NA> <NA> {who} <NA> <NA>\n" for day, who, at in rows))
    code, out, _ = printed(capsys, "measure", str(path), "--json")
    sessions = json.loads(out)["files"]
    assert code == 0
    assert [each["session"]["name"] for each in sessions] == ["one", "two"]
    assert [each["measures"]["replies"]["answered"] for each in sessions] == [1, 0]
    assert printed(capsys, "report", str(path), "--out", str(tmp_path / "r.md"))[0] == 0
    assert (tmp_path / "r-1.md").exists() and (tmp_path / "r-2.md").exists()


REAL = sorted((Path(__file__).parents[3] / "shared/data/eaf").glob("*.eaf"))


@pytest.mark.skipif(not REAL, reason="the folder of real recordings is not beside this checkout")
def test_every_real_elan_file_gives_a_report(tmp_path, capsys):
    for at, path in enumerate(REAL):
        out = tmp_path / f"{at}.html"
        assert printed(capsys, "report", str(path), "--out", str(out))[0] == 0, path.name
        assert "States and counts" in out.read_text(encoding="utf-8")


def test_a_file_without_adults_is_no_file_of_missed_signals():
    alone = "\n".join(line for line in VISIT.splitlines() if not line.startswith("parent"))
    doubt = "If adults were not coded, this says nothing of answers."
    assert doubt in to_markdown(build(measured(alone)))
    assert doubt not in to_markdown(build(measured()))


def test_the_time_to_an_answer_says_of_how_many():
    coos = "".join(f"child,coo,{n}0000,{n}0500\nparent,talk,{n}1000,{n}2000\n" for n in range(1, 8))
    shown = to_markdown(build(measured("tier,value,start_ms,end_ms\n" + coos)))
    assert "Median time to the first fitting act: 500 ms (7 of 7 signals answered before the next one)." in shown


def test_paper_shows_what_the_screen_folds_away():
    paper = to_html(build(measured())).partition("@media print")[2].partition("</style>")[0]
    assert "details::details-content { content-visibility: visible" in paper
    assert "summary { display: none" not in paper
