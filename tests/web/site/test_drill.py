"""The short form of script/soak drill: a household is wiped and comes back row by row, and its site opens."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from soak import drill

pytestmark = pytest.mark.own_database


@pytest.fixture(autouse=True)
def free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        monkeypatch.setattr(drill, "PORT", found.getsockname()[1])


def test_it_comes_back_row_by_row_and_opens(tmp_path: Path) -> None:
    told = drill.drill(tmp_path, 300)
    assert told["unlike"] == []
    assert told["starts"]
    assert int(str(told["rows"])) > 300
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("plant", drill.PLANTS)
def test_one_row_that_is_not_the_same_is_found(tmp_path: Path, plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill, "_starts", lambda _: True)
    assert drill.drill(tmp_path, 20, plant)["unlike"] == ["diary_moment"]
