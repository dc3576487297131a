"""Each hostile file meets the fate that is right for it, in 2 s of the processor and 256 MiB, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.safety.corpus import BIDI, corpus
from tests.safety.hostile import Case
from tests.safety.samples import TABLE

from attunement.cli import main

SECONDS, MIB = 2.0, 256  # for one file, above what was in memory with its bytes
WORKERS = 2
CASES = corpus()
AT_LEAST = 120

Met = dict[str, object]


@pytest.fixture(scope="module")
def met() -> list[Met]:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.safety.apart", str(number), str(WORKERS)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[2],
            env=os.environ | {"POLARS_MAX_THREADS": "2"},
        )
        for number in range(WORKERS)
    ]  # fmt: skip
    answers = [json.loads(line) for process in started for line in process.communicate()[0].splitlines()]
    return sorted(answers, key=lambda answer: answer["at"])


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_each_hostile_file_meets_the_fate_that_is_right_for_it(met: list[Met]) -> None:
    assert [answer["at"] for answer in met] == list(range(len(CASES)))
    wrong = [f"{case.id}: {answer}" for case, answer in zip(CASES, met, strict=True) if not right(case, answer)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_each_takes_little_time_and_memory(met: list[Met]) -> None:
    both = [(answer["seconds"], answer["mib"], case.id) for case, answer in zip(CASES, met, strict=True)]
    print(f"{len(both)} files; longest {max(both)[0]} s; most {max(mib for _, mib, _ in both)} MiB")
    assert not [one for one in both if one[0] > SECONDS or one[1] > MIB]


def test_the_corpus_is_large_and_names_each_file_once() -> None:
    assert sum(case.refused for case in CASES) >= AT_LEAST
    formats = Counter(case.file.rpartition(".")[2] for case in CASES)
    assert len(formats) >= 9 and min(formats.values()) >= 8, formats


def right(case: Case, answer: Met) -> bool:
    if case.refused:
        return answer["fate"] == "refused" and case.says in str(answer["said"])
    issues = answer.get("issues")
    assert isinstance(issues, list) or issues is None
    return answer["fate"] == "read" and (case.says in ("", "*") or case.says in (issues or ()))


def test_a_verdict_that_is_not_the_declared_one_is_wrong() -> None:
    case = CASES[0]
    assert right(case, {"fate": "refused", "said": "it declares a document type"})
    assert not right(case, {"fate": "refused", "said": "it is empty"})
    assert not right(case, {"fate": "read", "said": "", "issues": []})
    assert not right(case, {"fate": "ended", "said": "status 9"})


@pytest.mark.parametrize("command", ["measure", "report", "convert"])
def test_names_that_turn_the_reading_direction_round_are_shown_harmlessly(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"visit{BIDI}.csv"
    path.write_text(TABLE.decode().replace("CHI", BIDI).replace("900", "-900"), encoding="utf-8")
    out = tmp_path / ("page.html" if command == "report" else "out.csv")
    more = {"measure": [], "report": ["--out", str(out)], "convert": ["--to", str(out)]}[command]
    main([command, str(path), *more])
    said = "".join(capsys.readouterr())
    if command == "report":
        assert out.exists(), said
        said += out.read_text(encoding="utf-8")
    assert "<U+202E>" in said or "&lt;U+202E&gt;" in said, said
    assert not {"\u202e", "\u2066"} & set(said)
