"""ELAN files against two readers that are not ours: a plain query of the XML, and pympi-ling. Real recordings.

Tolerance: 0 ms everywhere. A dependent row is compared with the span of the annotation that it hangs under, which is
exact as long as it is the only one there, as in all of these files.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pympi.Elan import Eaf

from attunement.events import Reading
from attunement.formats import read, read_bytes, written

SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES = sorted((SHARED / "eaf").glob("*.eaf"))
Row = tuple[str, int, int]  # value, start, end

pytestmark = pytest.mark.skipif(not FILES, reason="no recordings in ../shared/data/eaf beside this checkout")


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_every_row_of_every_tier_is_that_of_the_xml(path: Path) -> None:
    ours, theirs = by_tier(read(path)), queried(path)
    assert ours == theirs
    assert sum(sum(rows.values()) for rows in ours.values()) == path.read_text("utf-8").count("<ANNOTATION_VALUE")


def test_every_row_of_every_tier_is_that_of_pympi(path: Path) -> None:
    assert by_tier(read(path)) == told_by_pympi(path)


def test_total_time_of_every_tier_is_that_of_the_xml(path: Path) -> None:
    events, rows = read(path).session.events, queried(path)
    for at, tier in enumerate(events.actors):
        own = events.actor == at
        theirs = sum((end - start) * times for (_, start, end), times in rows[tier].items())
        assert int((events.end - events.start)[own].sum()) == theirs, tier


def test_tiers_have_the_participants_and_parents_of_the_xml(path: Path) -> None:
    tiers = ElementTree.parse(path).iter("TIER")
    theirs = [(t.get("TIER_ID"), t.get("PARTICIPANT", ""), t.get("PARENT_REF", "")) for t in tiers]
    assert [(tier.name, tier.participant, tier.parent) for tier in read(path).session.tiers] == theirs


def test_each_dependent_row_hangs_under_the_annotation_that_the_xml_names(path: Path) -> None:
    theirs = {r.get("ANNOTATION_ID"): r.get("ANNOTATION_REF") for r in ElementTree.parse(path).iter("REF_ANNOTATION")}
    session = read(path).session
    ours = {session.ids[row]: session.ids[above] for row, above in enumerate(session.parent.tolist()) if above >= 0}
    assert theirs == {row: ours.get(row) for row in theirs}


def test_what_we_write_is_the_same_to_pympi_and_to_us(path: Path, tmp_path: Path) -> None:
    first = read(path)
    copy = tmp_path / path.name
    copy.write_bytes(written(first.session, path.name))
    again = read(copy)
    assert told_by_pympi(copy) == told_by_pympi(path)
    assert by_tier(again) == by_tier(first)
    assert (again.session.tiers, again.session.ids, again.session.media) == (
        first.session.tiers, first.session.ids, first.session.media,
    )  # fmt: skip
    assert again.session.parent.tolist() == first.session.parent.tolist()
    assert again.issues == ()


def test_a_table_of_it_reads_back_the_same(path: Path) -> None:
    first = read(path)
    again = read_bytes(written(first.session, "copy.csv"), "copy.csv")
    assert {tier: rows for tier, rows in by_tier(first).items() if rows} == by_tier(again)
    assert (again.session.ids, again.session.name) == (first.session.ids, first.session.name)
    assert again.session.parent.tolist() == first.session.parent.tolist()


def test_real_recordings_are_read_without_issues(path: Path) -> None:
    assert read(path).issues == ()


def by_tier(found: Reading) -> dict[str, Counter[Row]]:
    events = found.session.events
    rows: dict[str, Counter[Row]] = {tier.name: Counter() for tier in found.session.tiers}
    columns = (events.actor, events.code, events.start, events.end)
    for actor, code, start, end in zip(*(column.tolist() for column in columns), strict=True):
        rows[events.actors[actor]][events.codes[code], start, end] += 1
    return rows


def queried(path: Path) -> dict[str, Counter[Row]]:
    root = ElementTree.parse(path).getroot()
    slots = {slot.get("TIME_SLOT_ID"): int(slot.get("TIME_VALUE", "")) for slot in root.iter("TIME_SLOT")}
    spans = {
        one.get("ANNOTATION_ID"): (slots[one.get("TIME_SLOT_REF1")], slots[one.get("TIME_SLOT_REF2")])
        for one in root.iter("ALIGNABLE_ANNOTATION")
    }
    hangs = {one.get("ANNOTATION_ID"): one.get("ANNOTATION_REF") for one in root.iter("REF_ANNOTATION")}

    def span(name: str | None) -> tuple[int, int]:
        return spans[name] if name in spans else span(hangs[name])

    return {
        tier.get("TIER_ID", ""): Counter(
            (one.findtext("ANNOTATION_VALUE") or "", *span(one.get("ANNOTATION_ID")))
            for one in tier.iterfind("ANNOTATION/*")
        )
        for tier in root.iter("TIER")
    }


def told_by_pympi(path: Path) -> dict[str, Counter[Row]]:
    """As pympi loads them. We follow its references ourselves: its own way ends in a KeyError below an Included_In tier."""
    file = Eaf(str(path))
    aligned = {name: row for tier in file.tiers.values() for name, row in tier[0].items()}
    hanging = {name: row for tier in file.tiers.values() for name, row in tier[1].items()}

    def row(name: str, value: str | None = None) -> Row:
        if name in aligned:
            first, last, own, _ = aligned[name]
            return (own if value is None else value) or "", file.timeslots[first], file.timeslots[last]
        above, own, _, _ = hanging[name]
        return row(above, (own or "") if value is None else value)

    return {name: Counter(map(row, [*tier[0], *tier[1]])) for name, tier in file.tiers.items()}
