"""Programs that call: each with a token of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.api.actions import make_token
from attunement_web.families.models import Child


class Program:
    """A program that sends JSON, with a token or without."""

    def __init__(self, text: str = "") -> None:
        self.text, self.client = text, Client()

    def __call__(self, method: str, path: str, body: object = None, **more: Any) -> HttpResponse:
        headers = {"Authorization": f"Bearer {self.text}"} if self.text else {}
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1{path}", headers=headers | more.pop("headers", {}), **data, **more)


def made(person: User, child: Child, right: str = "write", *, lasts: timedelta = timedelta(days=30)) -> str:
    text = make_token(id=uuid4(), child=child, name="the button by the crib", right=right, lasts=lasts, by=person)
    assert text is not None
    return text


@pytest.fixture
def program() -> Callable[..., Program]:
    """`program(cast.alice, cast.mia, "read")`; without arguments one that has no token."""
    return lambda *whose: Program(made(*whose) if whose else "")


@pytest.fixture
def button(cast: Cast) -> Program:
    """Alice's program that may write for Mia."""
    return Program(made(cast.alice, cast.mia))
