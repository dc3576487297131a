"""Who may do what at each address: one table that names every route and each of its methods (docs/adr/0018).

An address that is not in it answers nobody. A need is one word, or what is done and to which part of a child's record:

open              anybody, signed in or not
self              whoever is signed in, about herself and nobody else
builders          those who build pages, where ATTUNEMENT_DEBUG is on
read KIND         whoever may read this kind of a child's record
note KIND         whoever may add to it
own KIND          the same, and of it a relative sees and changes what she noted herself, all others everything
write KIND        whoever may change it
guard KIND        guardians: who belongs, who sees, what leaves, what is erased
shared KIND       a practitioner whose confirmed grant covers this kind (`any`: one that covers whatever it may)
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

Rule = dict[str, str]
Respond = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("attunement")


def look(need: str) -> Rule:
    return {"GET": need}


def send(need: str) -> Rule:
    return {"POST": need}


def form(need: str, *, to_send: str = "") -> Rule:
    """A page with a form; `to_send` where sending it takes more than looking."""
    return {"GET": need, "POST": to_send or need}


PAGES: dict[str, Rule] = {
    "site:healthz": look("open"),
    "shell:look": send("open"),
    "shell:gallery": look("builders"),
    "accounts:enter": form("open"),
    "accounts:sign_in": form("open"),
    "accounts:second": form("open"),
    "accounts:passkey": form("open"),
    "accounts:sign_out": send("self"),
    "accounts:me": form("self"),
    "accounts:again": form("self"),
    "accounts:surer": form("self"),
    "accounts:ways": form("self"),
    "accounts:passkey_wanted": look("self"),
    "accounts:app": form("self"),
    "accounts:codes": form("self"),
    "accounts:removal": send("self"),
    "accounts:devices": look("self"),
    "accounts:devices_end": send("self"),
    "accounts:device_end": send("self"),
    "families:home": look("self"),
    "families:start": form("self"),
    "families:child": form("read settings", to_send="write settings"),
    "families:place": form("guard settings"),
    "families:another": form("guard settings"),
    "families:who_looked": look("write settings"),
    "families:sharing": look("guard settings"),
    "families:give": form("guard settings"),
    "families:grant": look("guard settings"),
    "families:link": send("guard settings"),
    "families:confirmation": send("guard settings"),
    "families:pause": send("guard settings"),
    "families:resumption": send("guard settings"),
    "families:end": send("guard settings"),
    "families:people": look("note settings"),
    "families:invite": form("guard settings"),
    "families:leave": form("note settings"),
    "families:invited": look("guard settings"),
    "families:invited_link": send("guard settings"),
    "families:invited_confirmation": send("guard settings"),
    "families:invited_end": send("guard settings"),
    "families:part": look("guard settings"),
    "families:part_role": send("guard settings"),
    "families:part_end": send("guard settings"),
    "families:almost": look("self"),
    "families:invitation": form("open"),
    "caseload:children": look("self"),
    "caseload:child": look("shared any"),
    "caseload:moments": look("shared moments"),
    "caseload:picture": look("shared moments"),
    "caseload:milestones": look("shared milestones"),
    "caseload:recordings": look("shared recordings"),
    "caseload:reports": look("shared reports"),
    "caseload:report": look("shared reports"),
    "diary:note": form("note moments"),
    "diary:moments": look("own moments"),
    "diary:taken_away": look("own moments"),
    "diary:picture": look("read moments"),
    "diary:moment": form("own moments"),
    "diary:answer": form("own moments"),
    "diary:ending": form("own moments"),
    "diary:mending": form("own moments"),
    "diary:kept": form("own moments"),
    "diary:version": send("own moments"),
    "diary:day": send("own moments"),
    "diary:whose": send("own moments"),
    "diary:removal": send("own moments"),
    "diary:return": send("own moments"),
    "milestones:list": look("read milestones"),
    "milestones:one": form("read milestones", to_send="write milestones"),
    "milestones:answer": send("write milestones"),
    "milestones:removal": send("write milestones"),
    "learning:ideas": look("note moments"),
    "learning:ask": look("note moments"),
    "learning:learn": look("open"),
    "learning:topic": look("open"),
    "learning:urgent": look("open"),
    "learning:unsafe": look("open"),
    "coding:recordings": form("read recordings", to_send="write recordings"),
    "coding:recording": look("read recordings"),
    "coding:numbers": look("read recordings"),
    "coding:keeping": send("write recordings"),
    "coding:removal": send("write recordings"),
    "coding:return": send("write recordings"),
    "today:today": look("note moments"),
    "offline:manifest": look("open"),
    "offline:worker": look("open"),
    "offline:shell": look("open"),
    "api:tokens": form("write settings"),
    "api:end": send("write settings"),
    "rights:copy": form("guard settings"),
    "rights:erase": form("guard settings"),
    "rights:waiting": look("self"),
    "rights:undo": send("self"),
}  # fmt: skip
PROGRAMS: dict[str, Rule] = {  # by path, as the OpenAPI document names them; api.views.rules lets callers in
    "/api/v1/push": send("note moments"),
    "/api/v1/families/{family}/changes": look("own moments"),
    "/api/v1/me": look("self"),
    "/api/v1/children/{child}/moments": {"GET": "read moments", "POST": "write moments"},
    "/api/v1/children/{child}/moments/{moment}": {
        "GET": "read moments", "PATCH": "write moments", "DELETE": "write moments",
    },
    "/api/v1/children/{child}/kit": look("own moments"),
}  # fmt: skip


class DeclaredOnly:
    """Refuses an address without a rule, and a method that its rule does not name."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        rule = PAGES.get(name)
        if rule is None:
            log.error("route.undeclared", extra={"facts": {"view": name}})
            raise Http404
        method = "GET" if request.method == "HEAD" else request.method
        return None if method in rule else HttpResponseNotAllowed(sorted(rule))
