"""The phone's answers hold the fields that their schemas name, and no others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pydantic import ValidationError
from tests.universe import Cast
from tests.web.sync.phone import Phone

from attunement_web.accounts.models import User
from attunement_web.api.forms.answers import Change, Kit, TheirChanges
from attunement_web.sync import queries

SignedIn = Callable[[User], Client]


@pytest.fixture
def noted(cast: Cast) -> Cast:
    """One moment of each sort: noted, taken away, and one with two versions of its words."""
    here, there = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    here.note(signal="cry", acts=["pick-up"], calm=2, words="by the window", with_child="Nana", feeling="tired")
    gone, both = here.note(), here.note()
    here.push()
    here.change(both, words="hers", base=1)
    here.remove(gone)
    here.push()
    there.change(both, words="his", base=1)
    there.push()
    return cast


def changes(browser: Client, cast: Cast) -> bytes:
    answer = browser.get(f"/api/v1/families/{cast.family.pk}/changes")
    assert answer.status_code == 200
    return answer.content


def test_a_pull_holds_what_its_schema_names(noted: Cast, signed_in: SignedIn) -> None:
    told = TheirChanges.model_validate_json(changes(signed_in(noted.alice), noted)).moments
    assert [one.field for moment in told for one in moment.others] == ["words"]
    assert {len(one.model_fields_set) for one in told if one.removed} == {4}
    assert {frozenset(one.model_fields_set) for one in told if not one.removed} == {frozenset(Change.model_fields)}


def test_a_column_that_slips_into_a_pull_is_found(
    noted: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AS_THEY_ARE", (*queries.AS_THEY_ARE, "field_revisions"))
    with pytest.raises(ValidationError, match="field_revisions"):
        TheirChanges.model_validate_json(changes(signed_in(noted.alice), noted))


@pytest.mark.parametrize("who", ["alice", "ruth"])  # a guardian, and a relative who only notes
def test_a_kit_holds_what_its_schema_names(noted: Cast, signed_in: SignedIn, who: str) -> None:
    answer = signed_in(getattr(noted, who)).get(f"/api/v1/children/{noted.mia.pk}/kit")
    kit = Kit.model_validate_json(answer.content)
    assert kit.child == noted.mia.pk
    with pytest.raises(ValidationError, match="more"):
        Kit.model_validate(answer.json() | {"more": 1})
