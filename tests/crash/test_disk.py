"""The rules by which a disk is replayed: what is synced stays, the rest comes, goes or is torn."""

from __future__ import annotations

import random

from soak.power.states import SECTOR, replayed, states
from soak.power.stream import Answer, Cut, Event, Made, Removed, Sync, Write, _whole

OLD, NEW = b"o" * SECTOR * 4, b"n" * SECTOR * 4
SAID = Answer(("one",))


def after(events: list[Event], *, before: dict[str, bytes] | None = None, cuts: int = 400) -> list[dict[str, bytes]]:
    """What the disk may hold after a cut at the very end."""
    found = states(before or {"db": OLD}, [*events, SAID], cuts, random.Random(7))
    return [state.files for state in found if state.at == len(events) + 1]


def test_what_was_synced_is_there_after_every_cut() -> None:
    ends = after([Write("db", 0, NEW, done=1), Sync("db", began=2)])
    assert len(ends) > 50
    assert all(files == {"db": NEW} for files in ends)


def test_a_write_that_was_not_synced_is_there_or_not_or_torn_at_sectors() -> None:
    ends = [files["db"] for files in after([Write("db", 0, NEW, done=1)])]
    assert {OLD, NEW} < set(ends)
    for end in ends:
        assert all(len(set(end[at : at + SECTOR])) == 1 for at in range(0, len(end), SECTOR))


def test_a_sync_covers_only_what_had_returned_when_it_began() -> None:
    ends = [files["db"] for files in after([Write("db", 0, NEW, done=5), Sync("db", began=2)])]
    assert OLD in ends


def test_a_new_length_comes_or_goes_like_a_write() -> None:
    ends = {len(files["db"]) for files in after([Cut("db", 0, done=1)])}
    assert ends == {0, len(OLD)}


def test_the_folder_holds_a_prefix_of_its_changes() -> None:
    events: list[Event] = [Made("a", 1), Made("b", 2), Removed("a", 3)]
    ends = {tuple(sorted(files)) for files in after(events)}
    assert ends == {("db",), ("a", "db"), ("a", "b", "db"), ("b", "db")}
    assert {tuple(sorted(files)) for files in after([*events, Sync("", began=4)])} == {("b", "db")}


def test_a_file_whose_removal_is_undone_has_what_was_synced_in_it() -> None:
    events: list[Event] = [
        Made("a", 1),
        Write("a", 0, NEW, done=2),
        Sync("a", began=3),
        Sync("", began=3),
        Removed("a", 4),
    ]
    assert {files.get("a") for files in after(events)} == {None, NEW}


def test_without_a_cut_everything_is_there() -> None:
    assert replayed({"db": OLD}, [Write("db", len(OLD), NEW, done=1), Cut("db", SECTOR, done=2)]) == {
        "db": OLD[:SECTOR]
    }


def test_an_answer_counts_when_its_last_byte_has_gone_out() -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked"
    sent = head + b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    assert all(_whole(sent[:size]) is None for size in range(len(sent)))
    assert _whole(sent + b"next") == (head + b"\r\n\r\nabc", b"next")
