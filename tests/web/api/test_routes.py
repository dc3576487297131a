"""Every route declares its rule and its statuses; whatever goes wrong is told in one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.test import Client
from ninja.operation import Operation
from pytest_django import Settings
from tests.universe import Cast
from tests.web.api.conftest import Program

from attunement_web.api import queries
from attunement_web.api.forms.parts import Trouble
from attunement_web.api.views.rules import READ, WRITE
from attunement_web.api.views.v1 import api

pytestmark = pytest.mark.django_db
ALWAYS = {401, 403, 404}


def operations() -> Iterator[Operation]:
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            yield from view.operations


def test_every_route_declares_its_rule_and_none_is_open() -> None:
    found = list(operations())
    assert len(found) >= 5
    for one in found:
        assert one.auth_callbacks in (READ, WRITE), one.path
        assert (one.auth_callbacks == WRITE) == (one.methods != ["GET"]), one.path


def test_a_route_that_declares_no_rule_lets_nobody_in(cast: Cast, button: Program) -> None:
    assert [auth.__name__ for auth in api.auth] == ["nobody"]


def test_every_trouble_a_route_tells_is_declared() -> None:
    for one in operations():
        told = {status: model for status, model in one.response_models.items() if status >= 400}
        assert set(told) >= ALWAYS, one.path
        assert {model.model_fields["response"].annotation for model in told.values()} == {Trouble}


def test_each_route_refuses_who_is_not_signed_in(cast: Cast) -> None:
    names = {"child": str(cast.mia.pk), "moment": str(cast.mia.pk), "family": str(cast.family.pk)}
    for one in operations():
        for method in one.methods:
            path = "/api/v1" + re.sub(r"\{(\w+:)?(\w+)\}", lambda part: names[part[2]], one.path)
            answer = Client(enforce_csrf_checks=True).generic(method, path, "{}", content_type="application/json")
            assert (answer.status_code, answer.json()["code"]) == (401, "sign-in"), path
            assert not answer.cookies


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/children/7/moments", 404), ("PUT", "/children/{child}/moments", 405)],
)
def test_what_is_not_there_is_told_in_json(cast: Cast, button: Program, method: str, path: str, status: int) -> None:
    answer = button(method, path.format(child=cast.mia.pk))
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message"}
    assert status != 405 or answer.headers["Allow"] == "GET, POST"


def test_a_body_that_is_no_json_or_too_large_is_refused(cast: Cast, button: Program) -> None:
    path = f"/api/v1/children/{cast.mia.pk}/moments"
    headers = {"Authorization": f"Bearer {button.text}"}
    for body in ("{", "[" * 100_000, '{"calm": NaN}', '{"calm": ' + "9" * 9_000 + "}", b"\xff\xfe", ""):
        answer = Client().post(path, body, content_type="application/json", headers=headers)
        assert answer.status_code in {400, 422}, body[:10]
    large = Client().post(path, " " * (2**20 + 1), content_type="application/json", headers=headers)
    assert (large.status_code, large.json()["code"]) == (413, "too-large")


def test_our_own_mistake_is_told_in_the_same_shape_and_says_nothing_of_a_family(cast: Cast, button: Program) -> None:
    with patch.object(queries, "moments_of", side_effect=RuntimeError("canary")):
        answer = button("GET", f"/children/{cast.mia.pk}/moments")
    assert (answer.status_code, answer.json()["code"]) == (500, "our-fault")
    assert "canary" not in answer.text


def test_another_host_is_refused(cast: Cast, button: Program) -> None:
    answer = button("GET", f"/children/{cast.mia.pk}/moments", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_without_https_a_token_is_not_taken_where_https_is_asked_for(
    cast: Cast, button: Program, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 100
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    path = f"/children/{cast.mia.pk}/moments"
    assert button("GET", path).json()["code"] == "https-only"
    secure = button("GET", path, headers={"X-Forwarded-Proto": "https"})
    assert secure.status_code == 200
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=100")


def test_answers_stay_out_of_caches(cast: Cast, button: Program) -> None:
    answer = button("GET", f"/children/{cast.mia.pk}/moments")
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
