"""Each file that broke a reader once: it is kept for ever, and read or refused soundly since. See found/."""

from __future__ import annotations

from pathlib import Path

import pytest
from soak.readers.trials import check_written
from tests.safety.judged import judged

from attunement.errors import NotReadable

FOUND = sorted(path for path in (Path(__file__).parent / "found").iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize("path", FOUND, ids=[path.name for path in FOUND])
def test_what_broke_a_reader_once_does_not_again(path: Path) -> None:
    found = judged(path.read_bytes(), path.name)
    if not isinstance(found, NotReadable):
        check_written(found)


def test_there_are_such_files() -> None:
    assert len(FOUND) >= 7
