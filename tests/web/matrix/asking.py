"""Walks every route of the resolver and of the API's document, and asks it as each persona about each target."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from tests.web.matrix.world import MILESTONE, Persona, World

from attunement_web.api.views.v1 import api
from attunement_web.site.policies import PAGES, PROGRAMS, Rule

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")
FEW = ("anonymous", "guardian", "writing token")
OF_A_CHILD = {"child", "family"}
INNER = {"moment", "removed", "version", "recording", "token", "grant", "invitation", "membership"}
NOTED = {"moment", "removed"}
OWN = {"device", "factor"}
NAMED = {"milestone": MILESTONE, "topic": "good-enough", "link": "a-token-nobody-has"}  # parts that are no ids
KNOWN = OF_A_CHILD | INNER | OWN | set(NAMED)
ELSEWHERE = {
    "erasure"
}  # asked for in tests/web/rights: one that waits has closed its child, and the world needs its own
UNLISTED = {"/api/v1/openapi.json", "/api/v1/"}  # the document and its root, which name themselves nowhere


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is a page's view name, or the path of a program's route; `parts` are what its address leaves open."""

    name: str
    template: str
    parts: tuple[str, ...]
    is_api: bool

    @property
    def rule(self) -> Rule | None:
        return (PROGRAMS if self.is_api else PAGES).get(self.name)

    def address(self, ids: Mapping[str, str]) -> str:
        return "/" + self.template.format(**{part: NAMED.get(part) or ids[part] for part in self.parts}).lstrip("/")

    def targets(self) -> tuple[str, ...]:
        """About whom it can be asked."""
        ids = set(self.parts) - set(NAMED)
        if not ids:
            return ("here",)
        if ids <= OWN:
            return ("own", "zoe", "nothing", "malformed")
        inner = ("mixed", "sibling", "half") if ids & INNER else ()
        inner += ("hers",) if ids & NOTED else ()
        return ("mia", "noah", "zoe", "nothing", *inner, "malformed")


@dataclass(frozen=True, slots=True)
class Cell:
    """One request and its answer."""

    persona: Persona
    route: Route
    method: str
    target: str
    answer: HttpResponse

    @property
    def body(self) -> bytes:
        """As it was sent; of an archive, what is in it."""
        if not self.answer.streaming:
            return self.answer.content
        with zipfile.ZipFile(io.BytesIO(self.answer.streamed)) as packed:
            return b"".join(packed.read(name) for name in packed.namelist())

    def __str__(self) -> str:
        return f"{self.persona.name}: {self.method} {self.route.name} of {self.target}: {self.answer.status_code}"


def pages() -> Iterator[Route]:
    for name, template in _walk(get_resolver()):
        if name.startswith("api-v1:"):
            continue
        parts = tuple(_part(name, part) for part in re.findall(r"<(?:\w+:)?(\w+)>", template))
        marks = iter(parts)
        yield Route(name, re.sub(r"<[^>]+>", lambda _: f"{{{next(marks)}}}", template), parts, is_api=False)  # noqa: B023


def programs() -> Iterator[Route]:
    for path in api.get_openapi_schema()["paths"]:
        yield Route(path, path.lstrip("/"), tuple(re.findall(r"{(\w+)}", path)), is_api=True)


def unlisted() -> set[str]:
    """Addresses of the API in the resolver that its document leaves out."""
    listed = {re.sub(r"{\w+}", "{}", route.name) for route in programs()}
    found = {
        "/" + re.sub(r"<[^>]+>", "{}", template) for name, template in _walk(get_resolver()) if name[:7] == "api-v1:"
    }
    return found - listed


def routes() -> list[Route]:
    return [*pages(), *programs()]


def _walk(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}", f"{before}{one.pattern}"
        else:
            yield from _walk(one, f"{before}{one.pattern}", f"{space}{one.namespace}:" if one.namespace else space)


def _part(name: str, part: str) -> str:
    """Which of the world's ids stands here."""
    if name in {"diary:return"} and part == "moment_id":
        return "removed"
    if name in {"accounts:enter", "families:invitation"}:
        return "link"
    return {"shared_id": "child"}.get(part, part.removesuffix("_id"))


def ask_everything(world: World, only: Callable[[Route], bool] = lambda route: True) -> Iterator[Cell]:
    """Each persona about each target, by each method of the route; by all others a few, about one target."""
    for route in (one for one in routes() if one.rule and set(one.parts) <= KNOWN and only(one)):
        rule = route.rule or {}
        for method in METHODS:
            if method in rule:
                people, targets = list(world.people.values()), route.targets()
            else:
                people, targets = [world.people[name] for name in FEW], route.targets()[:1]
            for one in people:  # a page knows no tokens: to it, their bearers are strangers whatever they ask about
                asked = targets[:1] if one.token and not route.is_api else targets
                yield from (ask(world, one, route, method, target) for target in asked)


def ask(world: World, persona: Persona, route: Route, method: str, target: str) -> Cell:
    """One request, of which nothing stays."""
    ids = world.ids["nothing" if target in {"own", "here"} else target]
    if target == "own" and persona.device:
        ids = ids | {"device": str(persona.device)}
    headers = {"Authorization": f"Bearer {persona.token}"} if persona.token else {}
    point = transaction.savepoint()
    try:
        answer = persona.client().generic(
            method, route.address(ids), **_body(world, route, method, ids), headers=headers
        )
        if answer.streaming:
            answer.streamed = b"".join(answer.streaming_content)
    finally:
        transaction.savepoint_rollback(point)
    return Cell(persona, route, method, target, answer)


def _body(world: World, route: Route, method: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """What makes the request one that would be done; for most forms nothing, which they refuse kindly."""
    if method not in {"POST", "PATCH"}:
        return {}
    if route.is_api:
        return {"data": json.dumps(_sent(world, route)), "content_type": "application/json"}
    fields = {
        "diary:whose": f"child={ids.get('child')}&step=answer", "diary:version": "choice=shown",
        "milestones:answer": f"moment={ids.get('moment')}&answer=yes", "shell:look": "look=dark&back=/",
        "rights:copy": "whose=child", "families:part_role": "role=relative",
    }  # fmt: skip
    return {"data": fields.get(route.name, "nothing=known"), "content_type": "application/x-www-form-urlencoded"}


def _sent(world: World, route: Route) -> object:
    if route.name != "/api/v1/push":
        return {}
    return {"device": world.ids["nothing"]["device"], "sent_at": "2026-03-31T14:05:00+02:00", "operations": []}
