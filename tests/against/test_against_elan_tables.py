"""Real event tables against a plain count of their lines with Python's own csv reader. Tolerance: 0 ms."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from attunement.formats import read

SHARED = Path(__file__).parents[3] / "shared" / "data" / "csv"
TABLES = {
    "0344_000913_segments.csv": ("startsec", "endsec", "segtype", 1_000),
    "0054_000603_segments.csv": ("startsec", "endsec", "segtype", 1_000),
    "0196_000902_segments.csv": ("startsec", "endsec", "segtype", 1_000),
    "childproject_lena_its.csv": ("segment_onset", "segment_offset", "speaker_type", 1),
    "conversations_example_2.csv": ("segment_onset", "segment_offset", "speaker_type", 1),
    "conversations_example_6.csv": ("segment_onset", "segment_offset", "speaker_type", 1),
    "raters/0054_000603_scrubbed_CHNrelabel_blky_1.csv": ("startSeconds", "endSeconds", "targetChildProminence", 1_000),
}
SEGMENTS_OF_A_DAY = 13_382  # 0344_000913, as its LENA file has it

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="no tables in ../shared/data/csv beside this checkout")


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_that_of_the_file(name: str) -> None:
    start, end, label, ms = TABLES[name]
    with (SHARED / name).open(newline="", encoding="utf-8") as file:
        theirs = sorted(
            (int(Decimal(r[start]) * ms), int(Decimal(r[end]) * ms), r[label]) for r in csv.DictReader(file)
        )
    events = read(SHARED / name).session.events
    codes = [events.codes[code] for code in events.code.tolist()]
    assert sorted(zip(events.start.tolist(), events.end.tolist(), codes, strict=True)) == theirs


def test_a_whole_day_is_there() -> None:
    found = read(SHARED / "0344_000913_segments.csv")
    assert len(found.session.events) == SEGMENTS_OF_A_DAY
    assert int(found.session.events.duration_ms[0]) == 37_015_680
