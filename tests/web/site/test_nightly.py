"""A backup each night, whatever clock and machine do."""

from __future__ import annotations

import io
import json
import logging
import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.web.site.test_backup import data as data

from attunement_web.site.keeping import nightly, shelf
from attunement_web.site.logs import OneLine

pytestmark = pytest.mark.own_database

HERE = ZoneInfo("Europe/Madrid")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=HERE)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine())
    logger = logging.getLogger("attunement")
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HERE)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, NOON, True),
        (at(22, 3, 1), NOON, False),
        (at(21, 20), at(22, 2, 59), False),
        (at(21, 20), at(22, 3), True),  # at night, though younger than a day
        (at(22, 3, 0), at(22, 3, 1), False),
        (at(21, 20), at(22, 9), False),  # it slept through the night: then once a day has passed
        (at(21, 20), at(22, 20), True),
        (at(1, 3), NOON, True),
    ],
)
def test_when_one_is_due(last: datetime | None, now: datetime, due: bool) -> None:
    assert nightly.is_due(last, now) is due


def test_each_day_has_one_over_a_change_of_the_clocks() -> None:
    now, last, made = datetime(2026, 10, 23, 0, 0, tzinfo=HERE), None, []
    for _ in range(4 * 24 * 60):
        if nightly.is_due(last, now):
            made.append(last := now)
        now = (now.astimezone(ZoneInfo("UTC")) + timedelta(minutes=1)).astimezone(HERE)
    assert [one.day for one in made] == [23, 23, 24, 25, 26]  # at the start, and then each night
    assert {one.hour for one in made[1:]} == {3}


def test_it_keeps_one_soon_after_the_start_and_says_so(
    data: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    stop = threading.Event()
    thread = nightly.keep_watch(data, stop, first_look=0)
    wait_for(lambda: "backup.kept" in log.getvalue())
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [one["event"] for one in told] == ["backup.kept", "backup.key-made"]
    assert told[0]["rows"] == 51
    assert len(list((data / "backups").iterdir())) == 1


def wait_for(is_so: object) -> None:
    for _ in range(500):
        if is_so():  # type: ignore[operator]  # a question without arguments
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not happen")


def test_one_that_is_young_enough_is_left_at_that(data: Path, log: io.StringIO) -> None:
    (data / "backups").mkdir()
    (data / "backups" / shelf.name_for(datetime.now().astimezone() - timedelta(minutes=1))).touch()
    assert nightly._keep(data)
    assert log.getvalue() == ""


def test_a_ledger_that_is_not_as_written_is_said_in_the_log(
    tmp_path: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attunement_web.ledger.actions.write_checkpoint", lambda path: [uuid.uuid4(), uuid.uuid4()])
    nightly.mark_ledger(tmp_path)
    told = json.loads(log.getvalue())
    assert (told["event"], told["level"], told["chains"]) == ("ledger.not-as-written", "error", 2)


def test_trouble_is_said_without_words_of_anybody_and_tried_again(
    tmp_path: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    nowhere = tmp_path / "canary"
    nowhere.mkdir()
    (nowhere / "backups").write_text("a file where a folder was meant")
    assert not nightly._keep(nowhere)
    told = json.loads(log.getvalue())
    assert (told["event"], told["level"], told["error"]) == ("backup.not-kept", "error", "FileExistsError")
    assert "canary" not in log.getvalue()
    pauses: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout or 0)
            return len(pauses) > 3

    results = iter([False, True, False])
    nightly._watch(lambda: next(results), Stop(), 0.5)
    assert pauses == [0.5, nightly.AFTER_TROUBLE, nightly.LOOKS_EVERY, nightly.AFTER_TROUBLE]
