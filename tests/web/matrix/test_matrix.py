"""Who gets what at every address (A1), and that other people's things look like nothing at all (A2)."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.web.matrix.asking import ELSEWHERE, KNOWN, UNLISTED, Cell, pages, programs, routes, unlisted
from tests.web.matrix.expecting import surprises

from attunement_web.site.policies import PAGES, PROGRAMS

pytestmark = pytest.mark.django_db


def test_every_route_declares_its_policy_and_no_policy_is_left_over() -> None:
    assert {route.name for route in pages()} == set(PAGES)
    assert {route.name for route in programs()} == set(PROGRAMS)
    assert unlisted() <= UNLISTED


def test_every_part_of_an_address_has_one_of_each_family_in_the_world() -> None:
    missing = {route.name: set(route.parts) - KNOWN for route in routes() if set(route.parts) - KNOWN - ELSEWHERE}
    assert not missing, f"{missing}: add it to tests/web/matrix/world.py, so that it is asked for"


def test_every_request_is_answered_as_its_policy_says(cells: list[Cell]) -> None:
    found = surprises(cells)
    print(len(cells), "requests,", len(found), "surprises", Counter(cell.answer.status_code for cell in cells))
    assert not found, "\n".join(found)
    assert len(cells) > 6_000
