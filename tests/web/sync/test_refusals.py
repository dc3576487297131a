"""Whatever JSON a phone sends, an operation is either kept or refused with a code; nothing is raised, nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.universe import Cast
from tests.web.sync.phone import NOTHING, WHEN, Phone

from attunement_web.diary.models import Moment
from attunement_web.sync import actions
from attunement_web.sync.actions.reading import CURRENT, READERS, Asked, read, read_item
from attunement_web.sync.bridge import codes
from attunement_web.sync.models import Operation

OUTBOXES = Path(__file__).parent / "outboxes"


def operation(**changed: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "seq": 1, "schema": 1, "type": "note", "entity": str(uuid4()), "child": str(uuid4()), "base": 0,
        "at": "2026-03-09T18:30:00.000Z", "zone": "Europe/Madrid", "offset_minutes": 60, "fields": {**NOTHING, **WHEN},
    }  # fmt: skip
    return whole | changed


def note(**fields: Any) -> dict[str, Any]:
    return operation(fields={**NOTHING, **WHEN, **fields})


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (operation(schema=2), "unknown-schema"),
        (operation(schema=True), "unknown-schema"),
        (operation(schema=[1]), "unknown-schema"),
        (operation(type="sing"), "unknown-type"),
        (operation(type=["note"]), "unknown-type"),
        (operation(entity="7"), "bad-value"),
        (operation(child=None), "bad-value"),
        (operation(base=-1), "bad-value"),
        (operation(base="1"), "bad-value"),
        (operation(fields=None), "bad-value"),
        (operation(colour="red"), "unknown-field"),
        (operation(type="remove"), "unknown-field"),
        (operation(fields={}), "missing-field"),
        (operation(type="change", fields={"local_day": "2026-03-09"}), "missing-field"),
        (note(noted_by=str(uuid4())), "unknown-field"),
        (note(child=str(uuid4())), "unknown-field"),
        (note(signal="rock"), "unknown-code"),
        (note(acts=["cry"]), "unknown-code"),
        (note(acts=["rock"] * 13), "too-long"),
        (note(acts="rock"), "bad-value"),
        (note(acts=[["rock"]]), "bad-value"),
        (note(outcome="cry"), "unknown-code"),
        (note(mended="yes"), "bad-value"),
        (note(calm=4), "bad-value"),
        (note(calm=True), "bad-value"),
        (note(feeling="joyful"), "unknown-code"),
        (note(words="x" * 2_001), "too-long"),
        (note(words="nul \x00"), "bad-text"),
        (note(with_child="half \ud83c"), "bad-text"),
        (note(with_child="x" * 81), "too-long"),
        (note(precision="soon"), "unknown-code"),
        (note(offset_minutes=900), "bad-value"),
        (note(zone="Europe Madrid"), "bad-value"),
        (note(happened_at="yesterday"), "bad-value"),
        (note(happened_at="2026-03-09T18:30:00"), "bad-value"),  # on whose clock?
        (note(happened_at="0001-01-01T00:00:00+14:00"), "bad-value"),
        (note(local_day="2026-02-30"), "bad-value"),
        (note(local_day="9999-01-01"), "bad-value"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_has_a_code(raw: dict[str, Any], reason: str) -> None:
    assert read(raw, codes()) == reason


@pytest.mark.parametrize("zone", ["America/Coyhaique", "Mars/Olympus", "Etc/GMT+12"])
def test_a_zone_that_only_the_phone_knows_is_taken(zone: str) -> None:
    assert isinstance(read(note(zone=zone), codes()), Asked)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec=None)),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=8,
)
near_misses = st.builds(
    lambda top, fields: operation(**top) | {"fields": {**NOTHING, **WHEN, **fields}},
    st.dictionaries(st.sampled_from(sorted(operation())), json_values, max_size=2),
    st.dictionaries(st.sampled_from(sorted({**NOTHING, **WHEN})), json_values, max_size=2),
)


@given(st.one_of(json_values, near_misses))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_understood_or_refused(raw: Any) -> None:
    item = read_item(raw, codes())
    assert isinstance(item.asked, Asked | str)
    assert item.text.isascii()
    assert "\x00" not in item.text


def test_json_nested_beyond_all_sense_is_refused() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    assert read_item(operation(fields={"words": deep}), codes()).asked == "too-deep"


@pytest.mark.parametrize("raw", [None, 3, "note", [], {}, {"seq": "1"}, {"seq": 0}, {"seq": True}, {"seq": 1.0}])
def test_what_has_no_number_is_kept_aside_and_blocks_nothing(cast: Cast, raw: Any) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note(signal="coo")
    for verdict in ("kept", "already"):
        reply = actions.push([phone.sends([raw, *phone.waiting])])[0]
        assert [(one.seq, one.verdict) for one in reply.results] == [(None, "refused"), (1, verdict)]
    assert Operation.objects.get(reason="no-seq").text == json.dumps(raw, separators=(",", ":"))


def test_text_that_no_database_holds_is_kept_aside_escaped(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note(words="half \ud83c of \x00 it")
    assert phone.verdicts() == [("refused", "bad-text")]
    assert json.loads(Operation.objects.get().text)["fields"]["words"] == "half \ud83c of \x00 it"


def test_a_number_beyond_all_counting_is_a_gap(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia, seq=10**30)
    phone.note()
    reply = phone.push()
    assert (reply.last_seq, reply.results) == (0, [])


@pytest.mark.parametrize("version", range(1, CURRENT + 1))
def test_an_outbox_of_every_version_is_kept_whole(cast: Cast, version: int) -> None:
    path = OUTBOXES / f"{version}.json"
    assert path.exists(), f"no outbox of version {version} is kept for this test; write one before phones do"
    waiting = json.loads(path.read_text().replace("CHILD", str(cast.mia.pk)))
    assert {one["schema"] for one in waiting} == {version}
    assert {one["type"] for one in waiting} == {"note", "change", "remove", "restore"}
    reply = actions.push([Phone(cast.alice, cast.mia).sends(waiting)])[0]
    assert [one.verdict for one in reply.results] == ["kept"] * len(waiting)
    assert {(one.signal, one.words) for one in Moment.objects.live()} == {
        ("cry", "She woke up with a cry 🌙"),
        ("", ""),
    }


def test_every_version_ever_written_has_a_reader() -> None:
    assert sorted(READERS) == list(range(1, CURRENT + 1))
    assert {path.stem for path in OUTBOXES.iterdir()} == {str(version) for version in READERS}


def test_an_outbox_of_tomorrow_is_refused_in_sight_and_blocks_nothing(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note(words="from a newer page")
    phone.waiting[0]["schema"] = CURRENT + 1
    phone.note(signal="coo")
    assert phone.verdicts() == [("refused", "unknown-schema"), ("kept", "")]
    assert "from a newer page" in Operation.objects.get(seq=1).text
