"""`/api/v1/`: every route, and how their bodies are read."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser

from attunement_web.api.views import kit, moments, phone
from attunement_web.api.views.rules import nobody
from attunement_web.api.views.trouble import tell_all


class Reader(Parser):
    """JSON as its standard has it: no NaN, no Infinity."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_constant=_refuse)


def _refuse(constant: str) -> float:
    raise ValueError(constant)


api = NinjaAPI(
    title="Attunement",
    version="1",
    description="Note and read moments from other programs. Made from the code; docs/reference/api.md explains it.",
    urls_namespace="api-v1",
    docs_url=None,
    auth=[nobody],
    parser=Reader(),
)
api.add_router("", phone.router)  # first what is asked for most
api.add_router("", moments.router)
api.add_router("", kit.router)
tell_all(api)
