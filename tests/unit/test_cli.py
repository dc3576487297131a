"""The `attunement` command as its user meets it: help, one line for each error, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.formats.making import at, eaf, tier

from attunement import __version__, cli
from attunement.cli import convert, main

FILE = eaf(tier("child", at("a1", "t1", "t2", "smile"), at("a2", "t2", "t1", "cry")), slots={"t1": 0, "t2": 900})


def test_help_lists_every_command_in_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in ("convert", "formats", "schemes", "measure", "report"):
        assert f"\n  {name} " in shown
    assert "`" not in shown


def test_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"attunement {__version__}\n"


@pytest.mark.parametrize(
    "given",
    [
        ["mesure", "a.eaf"],
        ["convert"],
        ["convert", "a.eaf"],
        ["convert", "a", "b", "--to", "c.csv"],
        ["formats", "--all"],
    ],
)
def test_wrong_use_is_one_line_and_exit_2(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(given) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("attunement: ") and err.count("\n") == 1 and "--help" in err


@pytest.mark.parametrize("name", ["convert", "formats", "schemes"])
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"usage: attunement {name}" in capsys.readouterr().out


def test_convert_writes_and_says_what_it_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "visit.eaf", tmp_path / "visit.csv"
    source.write_bytes(FILE)
    assert main(["convert", str(source), "--to", str(target)]) == 0
    out, err = capsys.readouterr()
    assert out == f"{target}: 1 rows in 1 tiers\n"
    assert err.startswith("error: child a2: it ends before it begins") and err.count("\n") == 1
    assert target.read_text().splitlines()[1] == "visit,child,,smile,0,900,a1,,900"


@pytest.mark.parametrize("to", ["visit.eaf", "folder/../visit.eaf", "link.eaf"])
def test_convert_never_replaces_the_recording_itself(
    to: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "visit.eaf"
    source.write_bytes(FILE)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.eaf").hardlink_to(source)
    assert main(["convert", str(source), "--to", str(tmp_path / to), "--force"]) == 2
    assert "it is the recording itself" in capsys.readouterr().err
    assert source.read_bytes() == FILE


def test_convert_from_elan_to_elan_names_what_it_leaves_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "visit.eaf", tmp_path / "new.eaf"
    child = tier("child", at("a1", "t1", "t2", "smile", entry="e1"))
    more = '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="unused"/><LANGUAGE LANG_ID="und"/><CONTROLLED_VOCABULARY CV_ID="v"/>'
    for after, said in (
        (more, "controlled vocabularies, references to their entries, languages, linguistic types without a tier"),
        ("", "references to their entries"),
    ):
        source.write_bytes(eaf(child, slots={"t1": 0, "t2": 900}, after=after))
        assert main(["convert", str(source), "--to", str(target), "--force"]) == 0
        warned = [line for line in capsys.readouterr().err.splitlines(True) if line.startswith("warning: /")]
        assert warned == [f"warning: {target}: these of the original are left out: {said}; keep the original\n"]
    assert main(["convert", str(target), "--to", str(tmp_path / "again.eaf")]) == 0
    assert capsys.readouterr().err == ""


def test_convert_names_what_the_new_file_has_no_place_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "visit.csv", tmp_path / "visit.rttm"
    source.write_text("onset_ms,offset_ms,tier,code,duration_ms\n0,13000,child,coo,600000\n")
    assert main(["convert", str(source), "--to", str(target)]) == 0
    err = capsys.readouterr().err
    assert err.startswith(f"warning: {target}: the recording lasts 10 min and its last row ends at 13 s; this kind of")
    assert err.count("\n") == 1


def test_convert_keeps_a_file_that_is_there_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "visit.eaf", tmp_path / "visit.csv"
    source.write_bytes(FILE)
    target.write_text("mine")
    assert main(["convert", str(source), "--to", str(target)]) == 2
    assert "--force" in capsys.readouterr().err and target.read_text() == "mine"
    assert main(["convert", str(source), "--to", str(target), "--force"]) == 0
    assert target.read_text() != "mine"


def test_formats_and_schemes_name_what_comes_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formats"]) == 0 and main(["schemes"]) == 0
    shown = capsys.readouterr().out
    assert ".eaf" in shown and ".csv" in shown and "attunement 1.0, 104 codes" in shown and "aclew" in shown


def test_a_mistake_of_ours_is_one_line_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def breaks(argv: list[str]) -> int:
        raise ValueError("first\nsecond")

    monkeypatch.setattr(convert, "main", breaks)
    monkeypatch.delenv(cli.DETAILS, raising=False)
    assert main(["convert"]) == cli.BUG
    err = capsys.readouterr().err
    assert "ValueError: first" in err and cli.DETAILS in err and err.count("\n") == 1
    monkeypatch.setenv(cli.DETAILS, "1")
    with pytest.raises(ValueError, match="first"):
        main(["convert"])


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(argv: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(convert, "main", stopped)
    assert main(["convert"]) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_leaves_early_gets_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(
        [sys.executable, "-c", "import sys; from attunement.cli import main; sys.exit(main(['formats']))"],
        stdout=write, stderr=subprocess.PIPE, text=True, timeout=60,
    )  # fmt: skip
    os.close(write)
    assert (ran.returncode, ran.stderr) == (cli.READER_LEFT, "")


def test_what_a_file_says_cannot_move_the_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "visit.csv"
    source.write_bytes(b"\x1b[2Jmood,name\n1,2\n")
    assert main(["convert", str(source), "--to", str(tmp_path / "o.csv")]) == 4
    assert "\x1b" not in capsys.readouterr().err


def test_a_full_disk_is_said_as_what_it_is(monkeypatch, capsys):
    def full(argv):
        raise OSError(28, "No space left on device", "out.csv")

    monkeypatch.setattr("attunement.cli.formats.main", full)
    assert main(["formats"]) == 2
    assert "out.csv: no space left on device" in capsys.readouterr().err
