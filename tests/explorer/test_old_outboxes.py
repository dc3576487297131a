"""Outboxes as every release so far left them on phones: each is taken, or set aside in full; nothing is dropped."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from tests.universe import make_cast

from attunement_web.diary.models import Moment
from attunement_web.sync.actions import Push, push
from attunement_web.sync.models import Operation

OUTBOXES = sorted((Path(__file__).parent / "outboxes").glob("*.json"))
CHILD_OF_THE_FILE = "11111111-1111-4111-8111-111111111111"


@pytest.mark.django_db
@pytest.mark.parametrize("path", OUTBOXES, ids=lambda path: path.stem)
def test_an_old_outbox_is_taken_or_set_aside_in_full(path: Path) -> None:
    now = datetime.now(UTC)
    cast = make_cast(now.date())
    outbox = json.loads(path.read_text(encoding="utf-8").replace(CHILD_OF_THE_FILE, str(cast.mia.pk)))
    sent = Push(UUID(outbox["device"]), cast.alice.pk, now, outbox["operations"])
    for verdicts in (outbox["verdicts"], ["already" if one == "kept" else one for one in outbox["verdicts"]]):
        [reply] = push([sent])
        assert [result.verdict for result in reply.results] == verdicts
        assert reply.last_seq == len(outbox["operations"])
    assert Operation.objects.count() == len(outbox["operations"])
    for operation, verdict in zip(outbox["operations"], outbox["verdicts"], strict=True):
        kept = Operation.objects.get(seq=operation["seq"])
        assert (json.loads(kept.text) == operation) if verdict == "refused" else kept.text == ""
    assert Moment.objects.get(pk=outbox["operations"][0]["entity"]).words == "On the stairs, twice"


def test_every_format_that_was_ever_written_has_its_file() -> None:
    written = Path(__file__).parents[2] / "src/attunement_web/offline/static/offline/logic/outbox.js"
    [line] = [
        line for line in written.read_text(encoding="utf-8").splitlines() if line.startswith("export const FORMAT")
    ]
    newest = int(line.rstrip(";").split()[-1])
    assert [path.stem for path in OUTBOXES] == [str(number) for number in range(1, newest + 1)]
