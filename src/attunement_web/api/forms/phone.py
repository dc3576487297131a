"""What a phone sends and gets. Operations are looked at one by one where they are kept, so that none holds up the rest."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from attunement_web.api.forms.parts import GIVEN_ID, INSTANT, Strict

MOST_OPERATIONS = 100  # in one push
MOST_CHANGES = 500  # in one answer
FARTHEST_DAYS = 400
OPERATION = {
    "title": "Operation",
    "description": "One thing done on the phone. What does not fit is kept aside and refused in its result.",
    "examples": [
        {
            "seq": 1, "schema": 1, "type": "note", "entity": "0190c8a0-5a2e-7c3b-8f1d-3e5a7b9c1d2f",
            "child": "6f7c1d9a-1d1e-4a8e-9b57-0c8f3a5c2b11", "base": 0, "at": "2026-03-31T14:05:00+02:00",
            "zone": "Europe/Madrid", "offset_minutes": 120,
            "fields": {"signal": "social-smile", "precision": "now", "happened_at": "2026-03-31T14:05:00+02:00",
                       "local_day": "2026-03-31"},
        }
    ],
}  # fmt: skip


class AnyOperation:
    """Whatever JSON it is; the document tells what a phone sends."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(source)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(OPERATION)


class NewPush(Strict):
    """What waits on a phone, in order."""

    device: GIVEN_ID
    sent_at: INSTANT
    operations: Annotated[list[Annotated[Any, AnyOperation()]], Field(max_length=MOST_OPERATIONS)]


class Result(Schema):
    """What became of one operation. `seq` is null for one that came without a usable number."""

    seq: int | None
    verdict: Literal["kept", "already", "merged", "refused"]
    reason: str
    revision: int


class Pushed(Schema):
    """Everything up to `last_seq` was looked at once and for all. Sent after it is on the server's disk."""

    device: UUID
    last_seq: int
    results: list[Result]


class TheirChild(Schema):
    """`told` is another one after something was told of a milestone: then the kit is asked for anew."""

    id: UUID
    name: str
    shape: str
    born: date
    zone: str
    role: str
    told: str


class TheirFamily(Schema):
    id: UUID
    epoch: str
    children: list[TheirChild]


class Person(Schema):
    id: UUID
    name: str


class Me(Schema):
    """Who is here, and about which children. `csrf` is for the header X-CSRFToken; empty for a token."""

    person: Person
    csrf: str
    families: list[TheirFamily]
