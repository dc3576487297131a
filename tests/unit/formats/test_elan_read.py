"""How ELAN's annotations become rows, and what is said of those that cannot."""

from __future__ import annotations

import pytest
from tests.unit.formats.making import at, eaf, tier, under

from attunement.errors import NotReadable, Severity
from attunement.events import NONE, Reading
from attunement.formats import read_bytes

SLOTS: dict[str, int | None] = {"t1": 0, "t2": 900, "t3": 2_000, "t4": 3_000}


def test_it_reads_a_tier_with_its_participant() -> None:
    found = read_bytes(eaf(tier("talk", at("a1", "t1", "t2", "hi"), participant="MOT"), slots=SLOTS), "visit.eaf")
    assert rows(found) == [("talk", "hi", 0, 900, "a1")]
    assert (found.session.name, found.session.tiers[0].participant, found.format) == ("visit", "MOT", "elan")
    assert found.issues == ()


def test_it_keeps_empty_values_and_lines() -> None:
    found = read_bytes(eaf(tier("talk", at("a1", "t1", "t2"), at("a2", "t2", "t3", "one\ntwo")), slots=SLOTS), "v.eaf")
    assert [row[1] for row in rows(found)] == ["", "one\ntwo"]


def test_a_dependent_row_has_its_parents_time() -> None:
    data = eaf(tier("CHI", at("a1", "t1", "t2")), tier("vcm@CHI", under("a2", "a1", "Y"), parent="CHI"), slots=SLOTS)
    found = read_bytes(data, "v.eaf")
    assert rows(found)[1] == ("vcm@CHI", "Y", 0, 900, "a2")
    assert [parent_id(found, row) for row in range(2)] == ["", "a1"]


def test_linked_siblings_share_their_parents_time_in_their_order() -> None:
    words = tier(
        "words", under("w3", "a1", "c", "w2"), under("w1", "a1", "a"), under("w2", "a1", "b", "w1"), parent="u"
    )
    found = read_bytes(eaf(tier("u", at("a1", "t1", "t2")), words, slots=SLOTS), "v.eaf")
    assert [row for row in rows(found) if row[0] == "words"] == [
        ("words", "a", 0, 300, "w1"), ("words", "b", 300, 600, "w2"), ("words", "c", 600, 900, "w3"),
    ]  # fmt: skip


def test_siblings_that_are_not_linked_keep_the_whole_time_and_are_said_to_overlap() -> None:
    found = read_bytes(
        eaf(tier("u", at("a1", "t1", "t2")), tier("x", under("b", "a1"), under("c", "a1"), parent="u"), slots=SLOTS),
        "v.eaf",
    )
    assert [row[2:4] for row in rows(found)] == [(0, 900)] * 3
    assert codes(found) == ["overlap"]


def test_a_row_deep_below_has_the_time_of_the_first_one() -> None:
    tiers = [tier("t0", at("a0", "t1", "t2"))]
    tiers += [tier(f"t{n}", under(f"a{n}", f"a{n - 1}"), parent=f"t{n - 1}") for n in range(1, 9)]
    found = read_bytes(eaf(*reversed(tiers), slots=SLOTS), "v.eaf")
    assert {row[2:4] for row in rows(found)} == {(0, 900)} and len(rows(found)) == 9


def test_slots_without_a_time_lie_evenly_along_the_chain_of_rows() -> None:
    slots: dict[str, int | None] = {"t1": 1_000, "t2": 4_000, "x": None, "y": None}  # not in the order of time
    words = tier("w", at("a", "t1", "y", "1"), at("b", "y", "x", "2"), at("c", "x", "t2", "3"))
    found = read_bytes(eaf(words, slots=slots), "v.eaf")
    assert [row[1:4] for row in rows(found)] == [("1", 1_000, 2_000), ("2", 2_000, 3_000), ("3", 3_000, 4_000)]
    assert [(issue.code, issue.severity) for issue in found.issues] == [("time-not-set", Severity.NOTE)]
    assert "3 rows" in found.issues[0].message


def test_slots_without_a_time_between_rows_lie_evenly_in_the_order_of_slots() -> None:
    slots: dict[str, int | None] = {"t1": 0, "x": None, "y": None, "t2": 900}
    found = read_bytes(eaf(tier("w", at("a", "t1", "x"), at("b", "y", "t2")), slots=slots), "v.eaf")
    assert [row[2:4] for row in rows(found)] == [(0, 300), (600, 900)]


def test_a_row_with_no_time_around_it_is_left_out_and_so_is_what_hangs_under_it() -> None:
    slots: dict[str, int | None] = {"x": None, "y": None, "t1": 0, "t2": 10}
    data = eaf(tier("w", at("a", "x", "y"), at("b", "t1", "t2")), tier("d", under("c", "a"), parent="w"), slots=slots)
    found = read_bytes(data, "v.eaf")
    assert [row[4] for row in rows(found)] == ["b"]
    assert [(issue.code, issue.place) for issue in found.issues] == [("no-time", "w a"), ("dangling-reference", "d c")]


def test_a_row_with_times_of_its_own_hangs_under_the_row_around_it() -> None:
    parts = tier("part", at("p1", "t1", "t2"), at("p2", "t3", "t4"), parent="whole")
    found = read_bytes(eaf(tier("whole", at("w1", "t1", "t2")), parts, slots=SLOTS), "v.eaf")
    assert {found.session.ids[row]: parent_id(found, row) for row in range(3)} == {"w1": "", "p1": "w1", "p2": ""}
    assert codes(found) == ["outside-parent"]


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [(2_000, 1_000, "times-reversed"), (-5, 10, "time-negative"), (0, 172_800_001, "time-too-late"),
     (0, 10**400, "time-too-late"), (10, -(10**30), "time-negative")],
)  # fmt: skip
def test_a_row_with_an_impossible_time_is_an_error_with_its_place_and_left_out(begin: int, end: int, code: str) -> None:
    slots: dict[str, int | None] = {"b": begin, "e": end, "t1": 0, "t2": 900}
    found = read_bytes(eaf(tier("CHI", at("a7", "b", "e"), at("a8", "t1", "t2")), slots=slots), "v.eaf")
    assert [(issue.code, issue.severity, issue.place) for issue in found.issues] == [(code, Severity.ERROR, "CHI a7")]
    assert [row[4] for row in rows(found)] == ["a8"]


def test_the_longest_recording_is_48_hours() -> None:
    found = read_bytes(eaf(tier("x", at("a", "b", "e")), slots={"b": 0, "e": 172_800_000}), "v.eaf")
    assert found.issues == () and len(rows(found)) == 1


def test_overlapping_rows_of_a_tier_are_kept_and_said_but_not_those_of_two_tiers() -> None:
    slots: dict[str, int | None] = {"t1": 0, "t2": 500, "t3": 900, "t4": 1_000}
    one = eaf(tier("x", at("a", "t1", "t3"), at("b", "t2", "t4")), slots=slots)
    two = eaf(tier("x", at("a", "t1", "t3")), tier("y", at("b", "t2", "t4")), slots=slots)
    assert [(issue.code, issue.place) for issue in read_bytes(one, "v.eaf").issues] == [("overlap", "x b")]
    assert len(rows(read_bytes(one, "v.eaf"))) == 2
    assert read_bytes(two, "v.eaf").issues == ()


def test_rows_that_touch_do_not_overlap() -> None:
    assert read_bytes(eaf(tier("x", at("a", "t1", "t2"), at("b", "t2", "t3")), slots=SLOTS), "v.eaf").issues == ()


def test_many_issues_of_one_kind_are_counted() -> None:
    found = read_bytes(eaf(tier("x", *(at(f"a{n}", "t2", "t1") for n in range(1_000))), slots=SLOTS), "v.eaf")
    assert len(found.issues) == 21
    assert "980 more" in found.issues[-1].message


@pytest.mark.parametrize("broken", [at("a2", "t1", "nowhere"), under("a2", "nowhere")])
def test_a_reference_to_nothing_leaves_its_row_out_and_is_said(broken: str) -> None:
    found = read_bytes(eaf(tier("x", at("a1", "t1", "t2"), broken), slots=SLOTS), "v.eaf")
    assert [(issue.code, issue.severity, issue.place) for issue in found.issues] == [
        ("dangling-reference", Severity.WARNING, "x a2")
    ]
    assert len(rows(found)) == 1


def test_a_parent_tier_that_is_not_there_is_said() -> None:
    found = read_bytes(eaf(tier("x", at("a1", "t1", "t2"), parent="gone"), slots=SLOTS), "v.eaf")
    assert codes(found) == ["dangling-reference"] and found.session.tiers[0].parent == ""


@pytest.mark.parametrize(
    "tiers",
    [
        (tier("x", under("a", "b"), under("b", "a")),),
        (tier("x", under("a", "a")),),
        (tier("x", parent="y"), tier("y", parent="x")),
        (tier("u", at("p", "t1", "t2")), tier("x", under("a", "p", "", "b"), under("b", "p", "", "a"), parent="u")),
    ],
)
def test_what_hangs_under_itself_is_refused(tiers: tuple[str, ...]) -> None:
    with pytest.raises(NotReadable, match="hangs under itself"):
        read_bytes(eaf(*tiers, slots=SLOTS), "v.eaf")


def test_an_empty_value_comes_from_its_vocabulary_entry() -> None:
    for entry in (
        '<CV_ENTRY_ML CVE_ID="e"><CVE_VALUE LANG_REF="und">smile</CVE_VALUE></CV_ENTRY_ML>',
        '<CV_ENTRY CVE_ID="e">smile</CV_ENTRY>',
    ):
        book = f'<CONTROLLED_VOCABULARY CV_ID="v">{entry}</CONTROLLED_VOCABULARY>'
        found = read_bytes(eaf(tier("x", at("a", "t1", "t2", "", "e")), slots=SLOTS, after=book), "v.eaf")
        assert (rows(found)[0][1], found.issues) == ("smile", ())


def test_a_value_that_its_vocabulary_does_not_hold_is_kept_and_said() -> None:
    after = (
        '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="k" CONTROLLED_VOCABULARY_REF="v"/>'
        '<CONTROLLED_VOCABULARY CV_ID="v"><CV_ENTRY>smile</CV_ENTRY></CONTROLLED_VOCABULARY>'
    )
    data = eaf(tier("x", at("a", "t1", "t2", "smile"), at("b", "t2", "t3", "grin")), slots=SLOTS, after=after)
    found = read_bytes(data, "v.eaf")
    assert [(issue.code, issue.place) for issue in found.issues] == [("not-in-vocabulary", "tier x")]
    assert "“grin”" in found.issues[0].message and len(rows(found)) == 2


def test_units_and_media_offsets_are_said() -> None:
    header = (
        '<HEADER TIME_UNITS="PAL-frames"><MEDIA_DESCRIPTOR MEDIA_URL="file:///a/b.mp4" TIME_ORIGIN="2500"/></HEADER>'
    )
    found = read_bytes(eaf(tier("x", at("a", "b", "e")), slots={"b": 1, "e": 25}, header=header), "v.eaf")
    assert rows(found)[0][2:4] == (40, 1_000)
    assert codes(found) == ["unit-taken", "media-offset"] and "2500 ms" in found.issues[1].message
    assert found.session.media == ("file:///a/b.mp4",)


def test_a_time_that_is_no_number_leaves_out_what_rests_on_it() -> None:
    data = eaf(tier("x", at("a", "t1", "t2"), at("b", "t1", "t3")), slots=SLOTS).replace(b'"900"', b'"nine"')
    found = read_bytes(data, "v.eaf")
    assert codes(found) == ["time-not-readable", "dangling-reference"] and [row[4] for row in rows(found)] == ["b"]


def rows(found: Reading) -> list[tuple[str, str, int, int, str]]:
    events = found.session.events
    return [
        (events.actors[actor], events.codes[code], start, end, name)
        for actor, code, start, end, name in zip(
            events.actor.tolist(), events.code.tolist(), events.start.tolist(), events.end.tolist(), found.session.ids,
            strict=True,
        )
    ]  # fmt: skip


def parent_id(found: Reading, row: int) -> str:
    parent = int(found.session.parent[row])
    return "" if parent == NONE else found.session.ids[parent]


def codes(found: Reading) -> list[str]:
    return [issue.code for issue in found.issues]
