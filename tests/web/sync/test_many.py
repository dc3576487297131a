"""Many rows changed by one statement: each by its own values, and none beside them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.universe import Cast

from attunement_web.actor import unscoped
from attunement_web.families.models import Child
from attunement_web.many import change_each

pytestmark = pytest.mark.django_db


def key(child: Child) -> Any:
    return child.pk if connection.features.has_native_uuid_field else child.pk.hex


def test_each_row_becomes_what_it_was_given_and_the_others_stay(cast: Cast) -> None:
    given = [(key(cast.mia), "Mia's", 31), (key(cast.noah), "Noé", 32)]
    with unscoped("a test"):
        with CaptureQueriesContext(connection) as made:
            change_each("families_child", ["name", "gestation_weeks"], given)
        found = dict(Child.objects.values_list("pk", "name"))
        weeks = dict(Child.objects.values_list("pk", "gestation_weeks"))
    other = cast.strangers_child
    assert found == {cast.mia.pk: "Mia's", cast.noah.pk: "Noé", other.pk: other.name}
    assert weeks == {cast.mia.pk: 31, cast.noah.pk: 32, other.pk: other.gestation_weeks}
    assert len(made) == 1


def test_nothing_to_change_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as made:
        change_each("families_child", ["name"], [])
    assert not made.captured_queries
