"""LENA, BORIS and Datavyu files against what their own programs say of the same recordings.

Tolerance: none. LENA's counts are recomputed from the session alone, by the rule that was found again from its files:
a chain of sounds ends where the next one begins 5.00 s or more after the last one's end, at the end of a Recording, or
at another child's sound; neighbouring sounds of one party are a run; a chain counts floor(runs / 2).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest

from attunement.events import Reading, Session
from attunement.formats import read, read_bytes, readings, written

SHARED = Path(__file__).parents[3] / "shared" / "data"
DAY = SHARED / "its" / "0344_000913.its"
PAUSED = SHARED / "its" / "rlena_test.its"
Row = tuple[str, str, int, int]

pytestmark = pytest.mark.skipif(not DAY.exists(), reason="no recordings in ../shared/data/its beside this checkout")


def rows(session: Session) -> list[Row]:
    """(tier, value, start, end) of the rows that hang under no other one."""
    return [row for at, row in enumerate(all_rows(session)) if session.parent[at] < 0]


def all_rows(session: Session) -> list[Row]:
    events = session.events
    columns = (events.actor.tolist(), events.code.tolist(), events.start.tolist(), events.end.tolist())
    return [(events.actors[who], events.codes[what], a, b) for who, what, a, b in zip(*columns, strict=True)]


def under(session: Session, tier: str) -> dict[int, str]:
    """For each row, what hangs under it in a tier."""
    listed = enumerate(all_rows(session))
    return {int(session.parent[at]): value for at, (name, value, _, _) in listed if name == tier}


def parties(session: Session) -> list[tuple[int, int, str]]:
    """The segments that LENA's rule sees, by time: start, end, who."""
    counted = {
        "CHN": under(session, "utterances@CHN"), "CHF": under(session, "utterances@CHF"),
        "FAN": under(session, "words@FAN"), "MAN": under(session, "words@MAN"),
    }  # fmt: skip
    found = []
    for at, (tier, _, start, end) in enumerate(all_rows(session)):
        if tier == "CXN" or Decimal(counted.get(tier, {}).get(at, "0")) > 0:
            found.append((start, end, {"CHN": "child", "CHF": "child", "CXN": "other"}.get(tier, "adult")))
    return sorted(found)


def turns(session: Session) -> int:
    """LENA's conversational turn count of one Recording."""
    chains: list[list[str]] = [[]]
    last = 0
    for start, end, who in parties(session):
        if start - last >= 5_000 or who == "other":
            chains.append([])
        if who != "other":
            chains[-1].append(who)
        last = end
    return sum(len([run for run, _ in groupby(chain)]) // 2 for chain in chains)


def test_lenas_own_turn_count_of_a_day_follows_from_the_session() -> None:
    assert sum(turns(reading.session) for reading in readings(DAY)) == 116


def test_lenas_own_turn_count_of_every_block_adds_up_to_it() -> None:
    session = read(DAY).session
    assert sum(map(int, under(session, "turns@conversation").values())) == 116


def test_lenas_own_utterance_count_of_a_day_follows_from_the_session() -> None:
    session = read(DAY).session
    near, far = (under(session, f"utterances@{tier}") for tier in ("CHN", "CHF"))
    assert sum(map(int, near.values())) + sum(map(int, far.values())) == 598


def test_lenas_own_word_count_of_a_day_follows_from_the_session() -> None:
    session = read(DAY).session
    words = sum(Decimal(count) for tier in ("words@FAN", "words@MAN") for count in under(session, tier).values())
    assert words == Decimal("5063.78")


@pytest.mark.parametrize("path", [DAY, PAUSED], ids=lambda path: path.stem)
def test_every_segment_is_that_of_the_text_of_the_file(path: Path) -> None:
    written = re.findall(r'<Segment spkr="(\w+)".* startTime="PT([\d.]+)S" endTime="PT([\d.]+)S"', path.read_text())
    theirs = Counter((who, int(Decimal(a) * 1000), int(Decimal(b) * 1000)) for who, a, b in written)
    assert Counter((tier, a, b) for tier, value, a, b in rows(read(path).session) if tier == value) == theirs


def test_every_segment_is_that_of_the_table_another_group_made() -> None:
    """Their labels tell the child's segments with speech-like sounds (CHNSP) from the others (CHNNSP)."""
    table = csv.DictReader(io.StringIO((SHARED / "csv" / "0344_000913_segments.csv").read_text()))
    theirs = [
        (row["segtype"], int(Decimal(row["startsec"]) * 1000), int(Decimal(row["endsec"]) * 1000)) for row in table
    ]
    session = read(DAY).session
    speech = {at for at, count in under(session, "utterances@CHN").items() if int(count)}
    ours = [
        (f"CHN{'' if at in speech else 'N'}SP" if tier == "CHN" else tier, a, b)
        for at, (tier, value, a, b) in enumerate(all_rows(session)) if tier == value
    ]  # fmt: skip
    assert Counter(ours) == Counter(theirs)


def test_each_recording_between_pauses_is_as_long_as_its_clock_says() -> None:
    assert [int(one.session.events.duration_ms[0]) for one in readings(PAUSED)] == [313_850, 339_320, 326_570]
    assert [one.session.name for one in readings(PAUSED)] == ["rlena_test#1", "rlena_test#2", "rlena_test#3"]


def test_nothing_private_is_kept() -> None:
    for path in (DAY, PAUSED):
        session = read(path).session
        said = " ".join([*session.events.codes, *session.events.actors, *session.ids, *session.media])
        assert not re.search(r"CHILD|1900-|201[78]-|GMT|DLP|102-000952", said)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("path", [DAY, PAUSED, SHARED / "datavyu" / "dyad1.opf"], ids=lambda path: path.stem)
def test_a_session_written_as_a_table_reads_back_equal_with_what_hangs_where(path: Path, ending: str) -> None:
    session = read(path).session
    back = read_bytes(written(session, f"x{ending}"), f"x{ending}").session
    assert all_rows(back) == all_rows(session)
    assert (tuple(back.ids), back.parent.tolist()) == (tuple(session.ids), session.parent.tolist())


# BORIS


def observation(name: str) -> Reading:
    return next(one for one in readings(SHARED / "boris" / "test.boris") if one.session.name == name)


def test_bouts_of_a_project_are_those_of_boriss_aggregated_export() -> None:
    told = (SHARED / "boris" / "test_export_aggregated_events_test_full_1.tsv").read_text()
    theirs = [
        (row["Subject"], row["Behavior"], int(Decimal(row["Start (s)"]) * 1000), int(Decimal(row["Stop (s)"]) * 1000))
        for row in csv.DictReader(io.StringIO(told), delimiter="\t")
    ]
    assert Counter(rows(observation("observation #2").session)) == Counter(theirs)


def test_durations_of_states_are_those_of_boriss_aggregated_export() -> None:
    told = (SHARED / "boris" / "test_export_aggregated_events_test_full_1.tsv").read_text()
    theirs: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(told), delimiter="\t"):
        if row["Duration (s)"] != "NA":
            theirs[row["Subject"], row["Behavior"]] += int(Decimal(row["Duration (s)"]) * 1000)
    ours: Counter[tuple[str, str]] = Counter()
    for subject, code, start, end in rows(observation("observation #2").session):
        if end > start:
            ours[subject, code] += end - start
    assert ours == theirs


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_a_tabular_export_reads_as_the_observation_it_is_of(ending: str) -> None:
    exported = read(SHARED / "boris" / f"test_export_events_tabular.{ending}")
    assert rows(exported.session) == rows(observation("observation #1").session)
    assert exported.session.name == "observation #1"
    assert exported.issues == ()


def test_aggregated_exports_read_as_the_observation_they_are_of() -> None:
    folder, whole = SHARED / "boris", rows(observation("observation #2").session)
    assert rows(read(folder / "test_export_aggregated_events_test_full_1.tsv").session) == whole
    without_names = rows(read(folder / "test_export_aggregated_events_test_full_3.tsv").session)
    assert Counter(without_names) == Counter(row for row in whole if row[3] > row[2])


def test_every_press_of_a_project_is_counted() -> None:
    presses = {"live": 12, "observation #2 (copy)": 28, "live export behavioral sequences": 30}
    for name, expected in presses.items():
        assert sum(2 if end > start else 1 for _, _, start, end in rows(observation(name).session)) == expected


def test_the_one_unpaired_state_of_a_project_is_named() -> None:
    issues = [issue for one in readings(SHARED / "boris" / "test.boris") for issue in one.issues]
    assert [(issue.code, issue.place) for issue in issues] == [
        ("state-unpaired", "test.boris, live not paired event 12")
    ]


# Datavyu


@pytest.mark.parametrize("dyad", ["dyad1", "dyad2"])
@pytest.mark.parametrize("column", ["childhands", "parenthands"])
def test_cells_of_a_spreadsheet_are_those_of_its_export(dyad: str, column: str) -> None:
    exported = csv.DictReader(io.StringIO((SHARED / "datavyu" / f"{column}__{dyad}.csv").read_text()))
    theirs = [
        (
            int(row["onset"]),
            int(row["offset"]),
            f"{row['hand']},{row['look']}".strip(",") and f"{row['hand']},{row['look']}",
        )
        for row in exported
    ]
    session = read(SHARED / "datavyu" / f"{dyad}.opf").session
    assert [(a, b, value) for tier, value, a, b in rows(session) if tier == column] == sorted(theirs)


@pytest.mark.parametrize("dyad", ["dyad1", "dyad2"])
@pytest.mark.parametrize("column", ["childhands", "parenthands"])
def test_an_export_reads_as_the_spreadsheet_it_is_of(dyad: str, column: str) -> None:
    exported = read(SHARED / "datavyu" / f"{column}__{dyad}.csv").session
    whole = read(SHARED / "datavyu" / f"{dyad}.opf").session
    assert all_rows(exported) == [row for row in all_rows(whole) if row[0].endswith(column)]
    assert exported.name == dyad
