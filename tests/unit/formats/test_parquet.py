"""Event tables in Parquet: any number of sessions, read back equal; files that are none, or far too large."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attunement.errors import NotReadable, WrongUse
from attunement.events import Session, Tier, session_from_rows
from attunement.formats import parquet, parquet_size, read_bytes, written


def made(**columns: object) -> bytes:
    into = io.BytesIO()
    pl.DataFrame(columns).write_parquet(into)
    return into.getvalue()


def session(name: str = "visit") -> Session:
    tiers = [Tier("CHI", participant="Ana"), Tier("vcm@CHI", parent="CHI")]
    listed = [("CHI", "coo", 0, 900), ("vcm@CHI", "N", 0, 900), ("CHI", "", 900, 900)]
    return session_from_rows(listed, name=name, ids=["a1", "a2", "a3"], parents=[-1, 0, -1], tiers=tiers)


def rows(one: Session) -> list[tuple[str, str, int, int, int, str]]:
    events = one.events
    columns = (events.actor.tolist(), events.code.tolist(), events.start.tolist(), events.end.tolist())
    named = [(events.actors[who], events.codes[what], a, b) for who, what, a, b in zip(*columns, strict=True)]
    return [(*row, parent, row_id) for row, parent, row_id in zip(named, one.parent.tolist(), one.ids, strict=True)]


def test_a_session_reads_back_equal() -> None:
    back = read_bytes(written(session(), "visit.parquet"), "other.parquet")
    assert (back.format, back.session.name, back.issues) == ("parquet", "visit", ())
    assert rows(back.session) == rows(session())
    assert [(tier.name, tier.participant, tier.parent) for tier in back.session.tiers] == [
        ("CHI", "Ana", ""), ("vcm@CHI", "", "CHI"),
    ]  # fmt: skip


def test_several_sessions_read_back_equal_and_in_order() -> None:
    data = parquet.written_all([session("second"), session("first")])
    found = parquet.read_all(data, "x.parquet")
    assert [one.session.name for one in found] == ["second", "first"]
    assert all(rows(one.session) == rows(session()) for one in found)
    with pytest.raises(NotReadable, match="2 sessions"):
        read_bytes(data, "x.parquet")


def test_four_columns_are_enough_and_actor_and_code_are_other_names() -> None:
    data = made(actor=["Ana", "Bea"], code=["coo", None], start_ms=[5, 1], end_ms=[9, 2], mood=[1, 2])
    reading = read_bytes(data, "visit.parquet")
    assert reading.session.name == "visit"
    assert rows(reading.session) == [("Bea", "", 1, 2, -1, "row 2"), ("Ana", "coo", 5, 9, -1, "row 1")]


@pytest.mark.parametrize(
    ("lasts", "expected"), [([600, 600], 600), ([600, None], 9), ([4, 8], 9), ([0.5, 0.5], 9), ([2**60, 2**60], 9)]
)
def test_a_recording_lasts_as_long_as_every_row_says(lasts: list[float | None], expected: int) -> None:
    data = made(tier=["a", "a"], value=["x", "y"], start_ms=[1, 5], end_ms=[5, 9], duration_ms=lasts)
    assert read_bytes(data, "v.parquet").session.events.duration_ms.tolist() == [expected]


def test_each_session_of_a_table_has_a_length_of_its_own() -> None:
    data = made(
        session=["v", "w"], tier=["a", "a"], value=["x", "y"], start_ms=[1, 5], end_ms=[5, 9], duration_ms=[7, 99]
    )
    assert [one.session.events.duration_ms.tolist() for one in parquet.read_all(data, "x.parquet")] == [[7], [99]]


def test_a_row_without_a_time_is_said_and_left_out() -> None:
    reading = read_bytes(made(tier=["a", "a"], value=["x", "y"], start_ms=[None, 1], end_ms=[5, 2]), "v.parquet")
    assert [(issue.code, issue.place) for issue in reading.issues] == [("time-not-readable", "row 1")]
    assert len(reading.session.events) == 1


def test_times_that_cannot_be_are_said_and_left_out() -> None:
    wide = pl.Series([2**63 + 5, 9, 1], dtype=pl.UInt64)
    for end, code in ((wide, "time-not-readable"), ([2**62, 9, 1], "time-too-late"), ([-5, 9, 1], "time-negative")):
        reading = read_bytes(
            made(tier=["a", "a", "a"], value=["x", "y", "z"], start_ms=[0, 0, 0], end_ms=end), "v.parquet"
        )
        assert reading.issues[0].code == code
        assert len(reading.session.events) == 2


GOOD = made(tier=["a"], value=["x"], start_ms=[1], end_ms=[2])
REFUSED: dict[str, Callable[[], bytes]] = {
    "no end": lambda: made(tier=["a"], value=["x"], start_ms=[1]),
    "seconds": lambda: made(tier=["a"], value=["x"], start_ms=[1.5], end_ms=[2.0]),
    "tiers are numbers": lambda: made(tier=[1], value=["x"], start_ms=[1], end_ms=[2]),
    "a list": lambda: made(tier=[["a"]], value=["x"], start_ms=[1], end_ms=[2]),
    "cut off": lambda: GOOD[:-20],
    "only its mark": lambda: b"PAR1",
    "only its marks": lambda: b"PAR1PAR1",
    "a footer that is none": lambda: b"PAR1" + b"\xff" * 40 + b"\x20\0\0\0PAR1",
    "a footer in a footer": lambda: b"PAR1" + b"\x1c" * 4_000 + b"\xa0\x0f\0\0PAR1",
    "a value of 8 MiB": lambda: made(tier=["a"], value=["x" * 2**23], start_ms=[1], end_ms=[2]),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_none_gives_one_clear_line_soon(make: Callable[[], bytes]) -> None:
    data = make()
    began = time.process_time()
    with pytest.raises(NotReadable) as refused:
        read_bytes(data, "x.parquet")
    assert time.process_time() - began < 2
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("limit", "said"), [("MOST_ROWS", "states 1,000 rows"), ("MOST_UNPACKED", "unpacks to")])
def test_a_file_that_states_too_much_is_refused_before_it_is_unpacked(
    limit: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = made(tier=["a"] * 1_000, value=["x"] * 1_000, start_ms=list(range(1_000)), end_ms=list(range(1_000)))
    parquet_size.refuse_large(data, "x.parquet")
    monkeypatch.setattr(parquet_size, limit, 999)
    with pytest.raises(NotReadable, match=said):
        read_bytes(data, "x.parquet")


def test_two_sessions_of_one_name_are_not_mixed() -> None:
    with pytest.raises(WrongUse, match="visit"):
        parquet.written_all([session(), session()])


ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "=c"]), st.text(max_size=4), st.integers(0, 9_999), st.integers(0, 999)),
    max_size=9,
)


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_any_session_reads_back_equal(listed: list[tuple[str, str, int, int]]) -> None:
    one = session_from_rows(
        [(tier, value, start, start + length) for tier, value, start, length in listed], name="v",
        ids=[f"e{at}" for at in range(len(listed))],
    )  # fmt: skip
    assert rows(read_bytes(written(one, "v.parquet"), "v.parquet").session) == rows(one)


# Damaged files of every kind are tried in processes of their own (tests/safety): rare ones make Polars itself abort.
