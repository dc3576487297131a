"""The parts that bodies and answers are made of: text that any database can hold, codes that we know, instants."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # room for every clock on earth
ID = {"type": "string", "format": "uuid"}


class Strict(Schema):
    """A body: what we do not know is refused, and nothing is quietly read as something else."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Trouble(Schema):
    """What went wrong: a code for programs, words for people."""

    code: str
    message: str


class Text:
    """Text of up to so many signs, without the signs that no database holds."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def check(self, value: str) -> str:
        if len(value) > self.longest:
            raise ValueError(f"is longer than {self.longest} signs")
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise ValueError("has a sign that no text holds")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest, "pattern": "^[^\\u0000]*$"}


class Code:
    """One of these codes; the document lists them all."""

    def __init__(self, *known: str) -> None:
        self.known = known

    def check(self, value: str) -> str:
        if value not in self.known:
            raise ValueError("is a code that we do not know")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.known)}


def _instant(value: object) -> object:
    """Text in, for `strict` would take nothing else; numbers are no instants."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("is no instant; write it like 2026-03-31T14:05:00+02:00")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("is no instant; write it like 2026-03-31T14:05:00+02:00") from error


def _in_our_time(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise ValueError("is too far from today")
    return value


INSTANT = Annotated[
    AwareDatetime,
    BeforeValidator(_instant),
    AfterValidator(_in_our_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


def _as_id(value: object) -> object:
    """In strict bodies an id is still text; written in one way only."""
    if isinstance(value, str) and len(value) == 36:
        return UUID(value)
    if isinstance(value, UUID):
        return value
    raise ValueError("is no id; write it like 0190c8a0-5a2e-7c3b-8f1d-3e5a7b9c1d2f")


GIVEN_ID = Annotated[UUID, BeforeValidator(_as_id), WithJsonSchema(ID)]


def _day(value: object) -> object:
    """A day as text; a number is no day."""
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value)
    raise ValueError("is no day; write it like 2026-03-31")


DAY = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
SAID = Annotated[  # in UTC, to the millisecond
    datetime,
    PlainSerializer(lambda at: at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
