"""Whatever changes something has to start on our own pages, and to prove it (W4)."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.web.matrix.asking import METHODS, Route, _body, routes
from tests.web.matrix.world import Persona, World

from attunement_web.api.middleware import LARGEST_BODY

pytestmark = pytest.mark.django_db
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
UNSAFE = [
    (route, method) for route in routes() for method in METHODS if method in (route.rule or {}) and method not in SAFE
]


def send(world: World, who: Persona, route: Route, method: str, headers: dict[str, str]) -> int:
    ids = world.ids["mia"] | {"device": str(who.device), "factor": "1", "erasure": str(who.device)}
    browser = who.client()
    browser.handler.enforce_csrf_checks = True
    return browser.generic(method, route.address(ids), **_body(world, route, method, ids), headers=headers).status_code


@pytest.mark.parametrize(("route", "method"), UNSAFE, ids=lambda one: getattr(one, "name", one))
def test_without_the_token_and_from_another_site_nothing_is_done(world: World, route: Route, method: str) -> None:
    alice = world.people["guardian"]
    assert send(world, alice, route, method, {}) == 403
    token = csrf_of(alice)
    cross = {"X-CSRFToken": token, "Cookie": f"sessionid={alice.session}; csrftoken={token}"}
    for start in ("cross-site", "same-site"):
        assert send(world, alice, route, method, cross | {"Sec-Fetch-Site": start}) == 403
    assert send(world, alice, route, method, cross | {"Origin": "https://evil.example"}) == 403


def csrf_of(persona: Persona) -> str:
    return persona.client().get("/api/v1/me").json()["csrf"]


def test_with_the_token_from_our_own_page_it_is_done(world: World) -> None:
    """So that the tests above cannot hold because nothing is ever done."""
    alice = world.people["guardian"]
    token = csrf_of(alice)
    headers = {"X-CSRFToken": token, "Cookie": f"sessionid={alice.session}; csrftoken={token}"}
    route = next(one for one in routes() if one.name == "diary:day")
    assert send(world, alice, route, "POST", headers | {"Sec-Fetch-Site": "same-origin"}) == 302


def test_a_program_with_a_key_needs_no_csrf_token_for_no_browser_sends_keys_by_itself(world: World) -> None:
    program = world.people["writing token"]
    route = next(one for one in routes() if one.name == "/api/v1/children/{child}/moments")
    assert send(world, program, route, "POST", {"Authorization": f"Bearer {program.token}"}) == 201


def test_nothing_is_changed_by_looking() -> None:
    assert not [route.name for route in routes() if set(route.rule or {}) & {"HEAD", "OPTIONS", "TRACE"}]


def test_a_body_that_is_too_large_is_refused_everywhere(world: World) -> None:
    alice, program = world.people["guardian"], world.people["writing token"]
    page = f"/child/{world.ids['mia']['child']}/note/"
    too_many = alice.client().post(page, {f"field{n}": "x" for n in range(1_100)})
    too_long = alice.client().post(page, {"words": "x" * (3 * 2**20)}, content_type="application/x-www-form-urlencoded")
    large = Client().post(
        "/api/v1/push", "x" * (LARGEST_BODY + 1), content_type="application/json",
        headers={"Authorization": f"Bearer {program.token}"},
    )  # fmt: skip
    assert (too_many.status_code, too_long.status_code, large.status_code) == (400, 400, 413)
