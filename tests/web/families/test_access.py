"""Who may open a child's record."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.universe import Cast

from attunement_web.families.access import child_or_404, children_of, rights_of


def test_each_person_has_the_children_that_she_has_a_part_in(cast: Cast) -> None:
    assert set(children_of(cast.alice)) == set(children_of(cast.ruth)) == {cast.mia, cast.noah}
    assert set(children_of(cast.charlie)) == {cast.strangers_child}
    assert not children_of(AnonymousUser()).exists()


def test_opening_a_child_takes_one_query_and_brings_the_family(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        child = child_or_404(cast.bob, cast.mia.pk, to="write")
        assert child.family.time_zone == "Europe/Madrid"
        assert child.my_role == "guardian"


def test_a_stranger_cannot_tell_a_child_from_no_child(cast: Cast) -> None:
    for child_id in (cast.mia.pk, uuid4()):
        with pytest.raises(Http404):
            child_or_404(cast.charlie, child_id)


def test_a_relative_notes_and_is_told_that_the_rest_is_for_others(cast: Cast) -> None:
    assert child_or_404(cast.ruth, cast.mia.pk, to="note") == cast.mia
    for to in ("read", "write", "guard"):
        with pytest.raises(PermissionDenied):
            child_or_404(cast.ruth, cast.mia.pk, to=to)


def test_a_part_in_one_child_opens_no_brother_or_sister(cast: Cast) -> None:
    cast.noah.memberships.filter(user=cast.bob).delete()
    assert set(children_of(cast.bob)) == {cast.mia}
    with pytest.raises(Http404):
        child_or_404(cast.bob, cast.noah.pk, to="note")
    assert set(rights_of([cast.bob.pk], [cast.mia.pk, cast.noah.pk])) == {(cast.bob.pk, cast.mia.pk)}


def test_the_page_of_a_child_answers_404_to_strangers_and_403_to_those_who_only_note(
    cast: Cast, signed_in: Callable[..., Client]
) -> None:
    page = reverse("families:child", args=[cast.mia.pk])
    assert signed_in(cast.charlie).get(page).status_code == 404
    assert signed_in(cast.ruth).get(page).status_code == 403
    assert signed_in(cast.ruth).post(page, {"name": "X"}).status_code == 403
    assert Client().get(page).headers["Location"].startswith(reverse("accounts:sign_in"))
