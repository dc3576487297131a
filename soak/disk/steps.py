"""The requests in which a moment is noted, each with how to see for oneself whether it was kept."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

WORDS = "she laughed, and “we” laughed & waved < back"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Home:
    """Somebody signed in, and the children."""

    client: Client
    child: Any
    sibling: Any
    person: Any


@dataclass(frozen=True, slots=True)
class Step:
    """`prepare` makes what the request is about; `ask` sends it; `is_there` looks at the row in the database file."""

    name: str
    prepare: Callable[[Home], str]
    ask: Callable[[Home, str], Any]
    is_there: Callable[[Row | None], bool]
    typed: str = ""
    is_api: bool = False


def _id(home: Home) -> str:
    return str(uuid.uuid4())


def _noted(home: Home, **fields: Any) -> str:
    from attunement_web.diary import actions

    tap = actions.Tap(id=uuid.uuid4(), signal=fields.pop("signal", "cry"), **fields)
    return str(actions.note_moment(child=home.child, tap=tap, by=home.person).pk)


def _removed(home: Home) -> str:
    from attunement_web.diary import actions
    from attunement_web.diary.models import Moment

    moment = _noted(home)
    actions.remove_moment(moment=Moment.objects.get(pk=moment), by=home.person)
    return moment


def _page(name: str, **fields: str) -> Callable[[Home, str], Any]:
    def ask(home: Home, moment: str) -> Any:
        given = {key: value.format(sibling=home.sibling.pk, child=home.child.pk) for key, value in fields.items()}
        return home.client.post(reverse(name, args=[home.child.pk, moment]), given)

    return ask


def _note(home: Home, moment: str) -> Any:
    return home.client.post(reverse("diary:note", args=[home.child.pk]), {"id": moment, "signal": "cry"})


def _api_note(home: Home, moment: str) -> Any:
    given = json.dumps({"id": moment, "signal": "cry", "words": WORDS})
    address = f"/api/v1/children/{home.child.pk}/moments"
    return home.client.post(address, given, content_type="application/json")


def _push(home: Home, moment: str) -> Any:
    now = timezone.now()
    fields = {
        "signal": "cry", "words": WORDS, "precision": "now", "happened_at": now.isoformat(),
        "local_day": now.date().isoformat(),
    }  # fmt: skip
    operation = {
        "seq": 1, "schema": 1, "type": "note", "entity": moment, "child": str(home.child.pk), "base": 0,
        "at": now.isoformat(), "zone": "UTC", "offset_minutes": 0, "fields": fields,
    }  # fmt: skip
    device = str(uuid.uuid5(uuid.NAMESPACE_URL, moment))  # the same phone when it sends again
    given = json.dumps({"device": device, "sent_at": now.isoformat(), "operations": [operation]})
    return home.client.post("/api/v1/push", given, content_type="application/json")


def _holds(**wanted: Any) -> Callable[[Row | None], bool]:
    return lambda row: row is not None and all(row[name] == value for name, value in wanted.items())


def all_steps() -> list[Step]:
    missed = {"acts": ("no-response",), "outcome": "still-upset"}
    return [
        Step("note", _id, _note, _holds(signal="cry", removed_at=None)),
        Step("answer", _noted, _page("diary:answer", act="rock"), _holds(acts='["rock"]')),
        Step("ending", _noted, _page("diary:ending", outcome="settled-with-you"), _holds(outcome="settled-with-you")),
        Step("mending", lambda home: _noted(home, **missed), _page("diary:mending", mended="yes"), _holds(mended=1)),
        Step(
            "words", _noted, _page("diary:kept", when="now", child="{child}", words=WORDS), _holds(words=WORDS), WORDS
        ),
        Step("whose", _noted, _page("diary:whose", child="{sibling}", step="answer"), lambda row: row is not None),
        Step("removal", _noted, _page("diary:removal"), lambda row: row is not None and row["removed_at"] is not None),
        Step("return", _removed, _page("diary:return"), _holds(removed_at=None)),
        Step("api-note", _id, _api_note, _holds(signal="cry", words=WORDS), is_api=True),
        Step("api-push", _id, _push, _holds(signal="cry", words=WORDS), is_api=True),
    ]
