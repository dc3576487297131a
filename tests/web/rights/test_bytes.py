"""After an erasure no byte of a family's words is left in any file of the household; each thing forgotten is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from soak.erasure.__main__ import PLANTS, one_round


def test_no_byte_of_a_family_is_left_after_its_erasure(tmp_path: Path) -> None:
    told = one_round(tmp_path, 60, "")
    assert told["before"] and told["erased"] == 1
    assert told["hits"] == []


QUICK = {"secure", "aside"}  # the faults that are easiest to make; the others take their minute with -m slow


@pytest.mark.parametrize(
    "plant", [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in PLANTS]
)
def test_each_planted_fault_is_found(tmp_path: Path, plant: str) -> None:
    assert one_round(tmp_path, 20, plant)["hits"] != []
