"""The document of the API comes from the code; the copy in the docs is that one, and the page names every route."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from tests.docs import made
from tests.docs.made import ROOT

from attunement_web.api.forms.parts import Trouble
from attunement_web.api.views.trouble import TOLD

PAGE = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")


def test_the_copy_in_the_docs_is_what_the_code_says_now() -> None:
    """`python -m tests.docs` makes it anew."""
    assert made.OPENAPI.read_text(encoding="utf-8") == made.openapi()


@pytest.mark.django_db
def test_a_running_site_gives_the_same_document_to_anybody() -> None:
    assert Client().get("/api/v1/openapi.json").json() == json.loads(made.openapi())


def test_the_page_names_every_route_and_every_code_of_trouble() -> None:
    paths = json.loads(made.openapi())["paths"]
    routes = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, all_ in paths.items() for method in all_}
    assert set(re.findall(r"^\| `([A-Z]+ /[^`]+)`", PAGE, re.MULTILINE)) == routes
    assert {code for code, _ in TOLD.values()} <= set(re.findall(r"`([a-z-]+)`", PAGE))


def test_every_trouble_has_the_one_shape() -> None:
    document = json.loads(made.openapi())
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            for status, answer in route["responses"].items():
                if int(status) >= 400:
                    shape = answer["content"]["application/json"]["schema"]
                    assert shape == {"$ref": f"#/components/schemas/{Trouble.__name__}"}, (method, path, status)
