"""Every dependency has a reason and one pin, the same wherever pins are written."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

PIN = re.compile(r"^[a-z0-9][^\s\\]*==[^\\]*")
DEPENDENCY = re.compile(r'^  "[A-Za-z0-9_.-]+(\[[a-z]+\])?[<>=!~]')


@pytest.fixture
def project(root: Path) -> str:
    return (root / "pyproject.toml").read_text()


def test_every_dependency_carries_its_reason(project: str) -> None:
    ours = project.partition("\n[tool.")[0].splitlines()
    without = [line for line in ours if DEPENDENCY.match(line) and not re.search(r"#\s+\S.{5}", line)]
    assert without == []
    assert len([line for line in ours if DEPENDENCY.match(line)]) > 10  # the pattern still finds them


def test_the_lock_and_the_constraints_agree(root: Path, project: str) -> None:
    constraints = tomllib.loads(project)["tool"]["uv"]["constraint-dependencies"]
    assert constraints == pins(root / "requirements.lock"), "run script/lock"


def test_what_runs_is_part_of_what_is_tested(root: Path) -> None:
    assert set(pins(root / "requirements-run.lock")) < set(pins(root / "requirements.lock")), "run script/lock"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-run.lock"])
def test_every_pin_has_a_hash(root: Path, lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (root / lock).read_text())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_dependency_is_pinned(root: Path, project: str) -> None:
    settings = tomllib.loads(project)
    groups = [entry for group in settings["dependency-groups"].values() for entry in group if isinstance(entry, str)]
    wanted = {re.split(r"[<>=!~\[; ]", entry)[0] for entry in [*settings["project"]["dependencies"], *groups]}
    assert wanted <= {pin.partition("==")[0] for pin in pins(root / "requirements.lock")}, "run script/lock"


def pins(lock: Path) -> list[str]:
    return [found[0].strip() for line in lock.read_text().splitlines() if (found := PIN.match(line))]
