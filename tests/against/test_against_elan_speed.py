"""The time to read a day of dense coding in ELAN beside the time that lxml needs only to parse it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from lxml import etree
from tests.unit.formats.making import at, eaf, tier, under

from attunement.formats import read_bytes

ROWS = 10_000
TIMES_LXML = 8.0  # 2 on a quiet machine and 3 on a busy one were measured; wide, so that only a real loss shows


@pytest.fixture(scope="module")
def day() -> bytes:
    slots: dict[str, int | None] = {f"ts{n}": n * 1_000 for n in range(ROWS + 1)}
    talk = tier("CHI", *(at(f"a{n}", f"ts{n}", f"ts{n + 1}", "0.") for n in range(ROWS)))
    kind = tier("vcm@CHI", *(under(f"b{n}", f"a{n}", "Y") for n in range(ROWS)), parent="CHI")
    return eaf(talk, kind, slots=slots)


def test_reading_costs_little_more_than_parsing(day: bytes) -> None:
    found = read_bytes(day, "day.eaf")
    assert (len(found.session.events), found.issues) == (2 * ROWS, ())
    assert quickest(lambda: read_bytes(day, "day.eaf")) < TIMES_LXML * quickest(lambda: etree.fromstring(day))


def quickest(deed: Callable[[], object]) -> float:
    """Processor seconds of the best of three."""
    times = []
    for _ in range(3):
        before = time.process_time()
        deed()
        times.append(time.process_time() - before)
    return min(times)
