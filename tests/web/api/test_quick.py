"""The short way of a push gives the answers of the long one."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.universe import Cast
from tests.web.api.conftest import made
from tests.web.sync.phone import Phone

from attunement_web.api.models import Token
from attunement_web.api.views import quick, together
from attunement_web.diary.models import Moment

Answer = tuple[str, dict[str, str], bytes]
Ask = Callable[..., Answer]
NOW = datetime.now(UTC).isoformat()


class Ways:
    """The site as the web server calls it, by the short way and by the long one."""

    def __init__(self) -> None:
        self.site = WSGIHandler()
        self.went_on = 0
        self.short = quick.quickly(self._counted)

    def _counted(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.went_on += 1
        return self.site(environ, start_response)

    def ask(self, token: str, body: bytes, *, by: str = "short", **more: str) -> Answer:
        environ = {
            "REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/push", "SCRIPT_NAME": "", "QUERY_STRING": "",
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/json", **({"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}), **more,
        }  # fmt: skip
        told: list[tuple[str, list[tuple[str, str]]]] = []
        answer = (self.short if by == "short" else self.site)(environ, lambda *said: told.append(said[:2]))
        content = b"".join(answer)
        (status, headers), named = told[0], dict(told[0][1])
        assert len(named) == len(headers)
        return status, named, gzip.decompress(content) if named.get("Content-Encoding") == "gzip" else content


@pytest.fixture
def ways(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Ways:
    """A test's transaction looks like one that somebody left open, for which PostgreSQL's connection would be closed."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)
    return Ways()


@pytest.fixture
def token(cast: Cast) -> str:
    text = made(cast.alice, cast.mia)
    Token.objects.update(last_used=datetime.now(UTC).date())
    return text


def body_of(phone: Phone) -> bytes:
    return json.dumps({"device": str(phone.device), "sent_at": NOW, "operations": phone.waiting}).encode()


def phone_with(cast: Cast, count: int) -> Phone:
    phone = Phone(cast.alice, cast.mia)
    for _ in range(count):
        phone.note(signal="coo")
    return phone


@pytest.mark.parametrize("count", [0, 1, 30])
@pytest.mark.parametrize("accepts", ["", "gzip, br"])
def test_both_ways_answer_alike_to_the_last_header(
    ways: Ways, cast: Cast, token: str, count: int, accepts: str
) -> None:
    phone = phone_with(cast, count)
    ways.ask(token, body_of(phone))
    assert Moment.objects.count() == count
    short = ways.ask(token, body_of(phone), HTTP_ACCEPT_ENCODING=accepts)
    assert ways.went_on == 0
    status, headers, content = ways.ask(token, body_of(phone), by="long", HTTP_ACCEPT_ENCODING=accepts)
    assert short[0] == status == "200 OK"
    assert short[2] == content
    assert {name for name in headers if headers[name] != short[1][name]} <= {"Content-Length"}  # padded at random
    assert headers.keys() == short[1].keys()
    assert ("Content-Encoding" in headers) == bool(accepts and count == 30)


WRONG: dict[str, Callable[[bytes], bytes]] = {
    "no JSON": lambda body: body[:-1],
    "not UTF-8": lambda body: b"\xff" + body,
    "NaN": lambda body: b'{"device": NaN}',
    "a list": lambda body: b"[]",
    "one more name": lambda body: body.replace(b'"sent_at"', b'"more": 1, "sent_at"'),
    "an id of another shape": lambda body: body.replace(b'"device": "', b'"device": "{'),
    "an id that is a number": lambda body: b'{"device": 1, "sent_at": "2026-01-01T00:00:00Z", "operations": []}',
    "no zone": lambda body: body.replace(b'+00:00", "operations"', b'", "operations"'),
    "another century": lambda body: body.replace(b'"sent_at": "20', b'"sent_at": "30'),
    "no list": lambda body: body.replace(b'"operations": [', b'"operations": {"a": [').replace(b"]}", b"]}}"),
    "101 operations": lambda body: body.replace(b'"operations": []', b'"operations": [' + b"1," * 100 + b"1]"),
    "very deep": lambda body: b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "too large": lambda body: body + b" " * 2**20,
    "nothing": lambda body: b"",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_plainly_right_is_answered_by_the_long_way(ways: Ways, cast: Cast, token: str, what: str) -> None:
    body = WRONG[what](body_of(phone_with(cast, 0)))
    assert ways.ask(token, body) == ways.ask(token, body, by="long")
    assert ways.went_on == 1


@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_AUTHORIZATION": "Basic abc"},
        {"REQUEST_METHOD": "PUT"},
        {"HTTP_CONTENT_ENCODING": "br"},
        {"HTTP_CONTENT_ENCODING": "gzip"},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": "-1"},
    ],
)
def test_a_request_of_another_kind_goes_the_long_way(ways: Ways, cast: Cast, token: str, more: dict[str, str]) -> None:
    body = body_of(phone_with(cast, 1))
    assert ways.ask(token, body, **more) == ways.ask(token, body, by="long", **more)
    assert ways.went_on == 1
    assert Moment.objects.count() == 0


def test_over_https_only(ways: Ways, cast: Cast, token: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 100
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    body = body_of(phone_with(cast, 1))
    assert ways.ask(token, body)[0] == "403 Forbidden"
    status, headers, _ = ways.ask(token, body, HTTP_X_FORWARDED_PROTO="https")
    assert (status, ways.went_on) == ("200 OK", 1)
    assert headers["Strict-Transport-Security"] == "max-age=100; includeSubDomains"


def test_over_https_of_our_own_nobody_else_says_that_it_is(ways: Ways, cast: Cast, token: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, None
    body = body_of(phone_with(cast, 1))
    for by in ("short", "long"):
        assert ways.ask(token, body, by=by, HTTP_X_FORWARDED_PROTO="https")[0] == "403 Forbidden"
    assert ways.went_on == 1
    for by in ("short", "long"):
        more = {"wsgi.url_scheme": "https", "HTTP_X_FORWARDED_PROTO": "http"}
        assert ways.ask(token, body, by=by, **more)[0] == "200 OK"
    assert ways.went_on == 1


@pytest.mark.parametrize("change", ["read only", "ended", "over", "no member", "not active", "unknown"])
def test_a_token_that_opens_nothing_keeps_nothing(ways: Ways, cast: Cast, token: str, change: str) -> None:
    match change:
        case "read only":
            Token.objects.update(right="read")
        case "ended":
            Token.objects.update(ended_at=datetime.now(UTC))
        case "over":
            Token.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        case "no member":
            cast.alice.memberships.all().delete()
        case "not active":
            type(cast.alice).objects.filter(pk=cast.alice.pk).update(is_active=False)
        case "unknown":
            token = "att_" + "a" * 43
    body = body_of(phone_with(cast, 1))
    answer = ways.ask(token, body)
    assert answer == ways.ask(token, body, by="long")
    assert answer[0].startswith("403" if change == "read only" else "401")
    assert ways.went_on == 1
    assert Moment.objects.count() == 0


def test_a_token_is_for_its_child_alone(ways: Ways, cast: Cast, token: str) -> None:
    phone = Phone(cast.alice, cast.noah)
    phone.note(signal="coo")
    told = json.loads(ways.ask(token, body_of(phone))[2])
    assert [(one["verdict"], one["reason"]) for one in told["results"]] == [("refused", "not-found")]
    assert ways.went_on == 0


def test_a_device_of_somebody_else_is_not_found(ways: Ways, cast: Cast, token: str) -> None:
    phone = phone_with(cast, 1)
    ways.ask(token, body_of(phone))
    other = made(cast.bob, cast.mia)
    Token.objects.update(last_used=datetime.now(UTC).date())
    assert ways.ask(other, body_of(phone))[0] == "404 Not Found"


def test_the_first_use_of_a_day_is_noted(ways: Ways, cast: Cast) -> None:
    token = made(cast.alice, cast.mia)
    assert ways.ask(token, body_of(phone_with(cast, 1)))[0] == "200 OK"
    assert Token.objects.get().last_used == datetime.now(UTC).date()
    assert ways.ask(token, body_of(phone_with(cast, 1)))[0] == "200 OK"
    assert ways.went_on == 1


def test_a_database_that_cannot_write_is_told_as_ever(
    ways: Ways, cast: Cast, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(together.committer, "_commit", breaks)
    body = body_of(phone_with(cast, 1))
    status, _, content = ways.ask(token, body)
    assert (status, json.loads(content)["code"]) == ("507 Insufficient Storage", "not-saved-full")


@pytest.mark.parametrize("by", ["short", "long"])
def test_a_body_may_come_packed(ways: Ways, cast: Cast, token: str, by: str) -> None:
    body = gzip.compress(body_of(phone_with(cast, 100)))
    assert ways.ask(token, body, by=by, HTTP_CONTENT_ENCODING="gzip")[0] == "200 OK"
    assert Moment.objects.count() == 100


@pytest.mark.parametrize("by", ["short", "long"])
def test_a_small_body_that_holds_a_very_large_one_is_not_unpacked(ways: Ways, token: str, by: str) -> None:
    bomb = gzip.compress(b" " * (2**20 + 1))
    assert len(bomb) < 2_000
    assert ways.ask(token, bomb, by=by, HTTP_CONTENT_ENCODING="gzip")[0].startswith("413")


@pytest.mark.parametrize("spoil", [lambda packed: packed[:-9], lambda packed: packed + b"x", lambda packed: b"plain"])
def test_a_body_that_is_not_packed_as_it_says(
    ways: Ways, cast: Cast, token: str, spoil: Callable[[bytes], bytes]
) -> None:
    body = spoil(gzip.compress(body_of(phone_with(cast, 1))))
    status, _, content = ways.ask(token, body, HTTP_CONTENT_ENCODING="gzip")
    assert (status, json.loads(content)["code"]) == ("400 Bad Request", "not-gzip")


def test_another_packing_is_refused_by_name(ways: Ways, token: str) -> None:
    assert ways.ask(token, b"x", HTTP_CONTENT_ENCODING="br")[0].startswith("415")


def test_pushes_with_and_without_a_token_share_a_commit(ways: Ways, cast: Cast, token: str) -> None:
    shown = together.Shown("token", Token.hash_of(token))
    waiting = [together.Knock(shown, uuid4(), datetime.now(UTC), [], []) for _ in range(2)]
    unknown = together.Knock(together.Shown("session", "0" * 64), uuid4(), datetime.now(UTC), [], [])
    signed_in = together.Prepared(Phone(cast.bob, cast.mia).sends([]), [])
    assert [one.found for one in together.commit([waiting[0], unknown, signed_in, waiting[1]])] == [
        True,
        False,
        True,
        True,
    ]
