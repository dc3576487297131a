"""The matrix finds what it is there to find: each fault is planted, and has to come out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unittest.mock import patch
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from tests.web.matrix.asking import Cell, ask_everything, pages
from tests.web.matrix.expecting import surprises
from tests.web.matrix.test_frame_of_all import Page
from tests.web.matrix.test_nothing_shows import everything, not_for, seen
from tests.web.matrix.world import World

from attunement_web.accounts.models import User
from attunement_web.diary import views
from attunement_web.diary.models import Moment
from attunement_web.families.access import child_or_404
from attunement_web.families.models import Child
from attunement_web.site.policies import PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def database_hides_nothing() -> Iterator[None]:
    """What the application forgets is planted here; PostgreSQL, which hides rows by itself, has its own (test_rows)."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with patch("attunement_web.site.postgresql.base._as_told", lambda acts: ["{}", "on"]):
        connection._told = None
        yield
    connection._told = None


def asked(world: World, name: str) -> list[Cell]:
    return list(ask_everything(world, only=lambda route: route.name == name))


def open_to_all(user: User, child_id: UUID, **_: object) -> Child:
    child = Child.objects.select_related("family").filter(pk=child_id).first()
    if child is None:
        raise Http404
    child.my_role = "guardian"
    return child


def by_id_alone(user: User, child_id: UUID, moment_id: UUID, **_: object) -> tuple[Child, Moment]:
    child, moment = child_or_404(user, child_id, to="write"), Moment.objects.filter(pk=moment_id).first()
    if moment is None:
        raise Http404
    return child, moment


def too_frank(user: User, child_id: UUID, **more: object) -> Child:
    try:
        return child_or_404(user, child_id, **more)
    except Http404:
        if Child.objects.filter(pk=child_id).exists():
            raise PermissionDenied from None
        raise


@pytest.mark.parametrize(
    ("route", "asks", "fault"),
    [("diary:moments", "child_or_404", open_to_all), ("diary:moment", "moment_or_404", by_id_alone),
     ("diary:moments", "child_or_404", too_frank)],
)  # fmt: skip
def test_a_view_that_forgets_is_found(world: World, route: str, asks: str, fault: Callable) -> None:
    assert not surprises(asked(world, route))
    with patch.object(views, asks, fault):
        found = asked(world, route)
    assert surprises(found)
    if fault is not too_frank:
        assert [cell for cell in found for word in not_for(cell) if word in everything(cell)], "their words show"


def test_a_refusal_that_tells_a_little_is_found(world: World) -> None:
    with patch.object(views, "child_or_404", too_frank):
        found = {cell.target: cell for cell in asked(world, "diary:moments") if cell.persona.name == "charlie"}
    assert seen(found["mia"]) != seen(found["nothing"])


def test_a_route_without_a_policy_answers_nobody_and_is_named(world: World) -> None:
    route = next(one for one in pages() if one.name == "learning:learn")
    with patch.dict(PAGES):
        del PAGES["learning:learn"]
        assert {one.name for one in pages()} - set(PAGES) == {"learning:learn"}
        for persona in ("anonymous", "guardian"):
            assert world.people[persona].client().get(route.address({})).status_code == 404


@pytest.mark.parametrize("text", ["<x-quokkaword>", "<b onclick=x>", "<p style='a'>", "<script>1</script>",
                                  "<a href='javascript:1'>", "<img src='//evil.example/x'>"])  # fmt: skip
def test_what_runs_or_is_fetched_in_a_page_is_found(text: str) -> None:
    assert Page(text).wrong
