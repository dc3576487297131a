"""What each answer has to be: from the table of policies, and from what each persona may."""

from __future__ import annotations

from collections.abc import Iterable

from tests.web.matrix.asking import NAMED, NOTED, OWN, Cell, Route
from tests.web.matrix.world import Persona

# What a route answers to whoever may, where that is not 200 to looking, and 422 to a form with nothing in it.
DONE = {
    ("GET", "families:home"): 302, ("GET", "accounts:second"): 302, ("GET", "accounts:surer"): 302,
    ("POST", "accounts:surer"): 302, ("POST", "accounts:second"): 302, ("POST", "accounts:passkey"): 302,
    ("POST", "accounts:me"): 302, ("POST", "accounts:again"): 200, ("POST", "accounts:enter"): 410,
    ("GET", "accounts:codes"): 302, ("POST", "accounts:codes"): 302,
    ("POST", "accounts:sign_out"): 302, ("POST", "accounts:removal"): 302, ("POST", "accounts:devices_end"): 302,
    ("POST", "accounts:device_end"): 302, ("POST", "shell:look"): 302,
    ("POST", "diary:version"): 302, ("POST", "diary:day"): 302, ("POST", "diary:whose"): 302,
    ("POST", "diary:removal"): 302, ("POST", "diary:return"): 302, ("POST", "milestones:answer"): 302,
    ("POST", "milestones:removal"): 302,
    ("POST", "coding:keeping"): 302, ("POST", "coding:removal"): 302, ("POST", "coding:return"): 302,
    ("POST", "api:end"): 302,
    ("GET", "families:invitation"): 410, ("POST", "families:invitation"): 410, ("POST", "families:link"): 200,
    ("POST", "rights:copy"): 200,
    ("POST", "families:confirmation"): 302, ("POST", "families:pause"): 302, ("POST", "families:resumption"): 302,
    ("POST", "families:end"): 302, ("POST", "families:leave"): 302, ("POST", "families:invited_link"): 200,
    ("POST", "families:invited_confirmation"): 302, ("POST", "families:invited_end"): 302,
    ("POST", "families:part_role"): 302, ("POST", "families:part_end"): 302,
    ("POST", "/api/v1/push"): 200, ("POST", "/api/v1/children/{child}/moments"): 201,
    ("PATCH", "/api/v1/children/{child}/moments/{moment}"): 200,
    ("DELETE", "/api/v1/children/{child}/moments/{moment}"): 204,
}  # fmt: skip
MIAS = {"mixed", "sibling", "half", "hers"}  # asked for through Mia
WRONG_CHILD = {"mixed", "sibling", "half"}  # the child is hers, what is asked of it is not that child's


def surprises(cells: Iterable[Cell]) -> list[str]:
    """Each request that was answered otherwise than its policy says."""
    wanted = ((cell, expected(cell.persona, cell.route, cell.method, cell.target)) for cell in cells)
    return [f"{cell}, not {status}" for cell, status in wanted if cell.answer.status_code != status]


def expected(persona: Persona, route: Route, method: str, target: str) -> int:
    assert route.rule is not None, f"{route.name} declares no policy in attunement_web/site/policies.py"
    method = "GET" if method == "HEAD" and not route.is_api else method
    need = route.rule.get(method)
    if target == "malformed":
        return 404
    signed_in = persona.known and bool(persona.session or (persona.token and route.is_api))
    if need is None:  # people who are not signed in are asked to, but where the page is open
        is_open = set(route.rule.values()) & {"open", "builders"}
        return 405 if signed_in or is_open or route.is_api else 302
    if need == "builders":
        return 404
    if not signed_in and need != "open":
        return 401 if route.is_api else 302
    if need == "open" or need == "self":
        return _own(persona, route, method, target)
    return _of_a_child(persona, route, method, target, need)


def _own(persona: Persona, route: Route, method: str, target: str) -> int:
    """Somebody else's device is as if there were none; a way in that is not hers is left as it is, and said so alike."""
    is_hers = target == "own" or (target == "zoe" and persona.name == "charlie")
    return 404 if "device" in route.parts and not is_hers else _done(route, method)


def _of_a_child(persona: Persona, route: Route, method: str, target: str, need: str) -> int:
    do, kind = need.split()
    if persona.token and persona.may and do not in {"read", "own"} and persona.name == "reading token":
        return 403  # a key that only reads is told so before anything is looked up
    if target == "here":
        return _done(route, method)
    one_family = target == "noah" and "child" not in route.parts
    child = "mia" if target in MIAS or one_family else target
    if persona.token and persona.token_for != child and "family" not in route.parts:
        return 404
    rights = {one for one in persona.may.get(child, ()) if (one[0] == "shared") == (do == "shared")}
    if not rights:
        return 404
    if (do, kind) not in rights:
        return 403
    is_relative = ("read", kind) not in rights
    if is_relative and do == "own" and target != "hers" and NOTED & set(route.parts):
        return 403
    if is_relative and route.name == "today:today":
        return 302
    if target in WRONG_CHILD and set(route.parts) - {"child"} - set(NAMED) - OWN:
        return 404
    return _done(route, method)


def _done(route: Route, method: str) -> int:
    return DONE.get((method, route.name), 422 if method == "POST" else 200)
