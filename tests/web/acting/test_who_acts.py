"""A family's tables answer only while somebody acts: in a request whoever asks, elsewhere whoever is named."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.contrib.auth.signals import user_logged_in
from django.db.models import Model
from django.test import Client
from tests.universe import Cast
from tests.web.acting.tables import NO_FAMILYS, ours

from attunement_web.accounts.actions import make_sign_in_link
from attunement_web.accounts.models import User
from attunement_web.actor import NOBODY, Actor, acting, become, coming, current, unscoped
from attunement_web.api.actions import make_token
from attunement_web.api.views import moments
from attunement_web.diary import views as diary
from attunement_web.families.models import Child
from attunement_web.guarded import Guarded, NobodyActs
from attunement_web.sync.actions import pushing

pytestmark = pytest.mark.django_db


GUARDED = [model for model in ours() if not model._meta.auto_created and model._meta.label not in NO_FAMILYS]


@pytest.fixture
def nobody() -> Iterator[None]:
    with acting():
        yield


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("model", GUARDED, ids=str)
def test_a_familys_table_refuses_while_nobody_acts_and_says_what_to_do(model: type[Model]) -> None:
    with pytest.raises(NobodyActs, match=r"with acting\(person.pk\)"):
        model._default_manager.all()
    assert not model._default_manager.none().exists()


def test_every_table_is_guarded_or_said_to_hold_nothing_of_a_family() -> None:
    ways = [
        model for model in ours() if not model._meta.auto_created
    ]  # those between two tables are asked through them
    open_ones = {model._meta.label for model in ways if not isinstance(model._default_manager, Guarded)}
    assert open_ones == set(NO_FAMILYS), "give it `objects = Guarded()`, or a reason in tests/web/acting/tables.py"


def test_related_rows_refuse_too(cast: Cast) -> None:
    with acting(), pytest.raises(NobodyActs):
        cast.mia.moments.first()


def test_a_thread_begins_with_nobody() -> None:
    found: list[Actor] = []
    thread = threading.Thread(target=lambda: found.append(current()))
    thread.start()
    thread.join()
    assert found == [NOBODY]


def test_whoever_acted_before_acts_again(cast: Cast) -> None:
    before = current()
    with acting(cast.alice.pk), suppress(ValueError):
        with unscoped("a test"):
            raise ValueError
        raise AssertionError
    assert current() == before


def test_everything_needs_a_reason() -> None:
    with pytest.raises(ValueError), unscoped(""):
        pass


def test_outside_of_a_request_nobody_becomes_somebody(cast: Cast) -> None:
    before = current()
    become(cast.alice.pk)
    assert current() == before
    with coming():
        become(cast.alice.pk)
        assert current().people == {cast.alice.pk}
    assert current() == before


def test_in_a_request_whoever_asks_acts(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    browser, page = signed_in(cast.alice), f"/child/{cast.mia.pk}/moments/"
    found: list[Actor] = []
    real = diary.child_or_404

    def noted(*args: object, **kept: object) -> Child:
        found.append(current())
        return real(*args, **kept)

    with patch.object(diary, "child_or_404", noted):
        assert browser.get(page).status_code == 200
        assert signed_in(cast.charlie).get(page).status_code == 404
    assert [one.people for one in found] == [{cast.alice.pk}, {cast.charlie.pk}]
    assert not any(one.reason for one in found)


def test_who_signs_in_acts_from_then_on(cast: Cast) -> None:
    seen: list[Actor] = []

    def after_ours(sender: object, **_: object) -> None:
        seen.append(current())

    user_logged_in.connect(after_ours)
    try:
        Client().post(f"/enter/{make_sign_in_link(person=cast.alice, by=None)}/")
    finally:
        user_logged_in.disconnect(after_ours)
    assert [one.people for one in seen] == [{cast.alice.pk}]


def test_a_key_acts_as_its_person_and_pushes_that_share_a_commit_as_all_of_theirs(cast: Cast) -> None:
    seen: list[Actor] = []
    real = pushing._Devices

    def devices(pushes: object) -> object:
        seen.append(current())
        return real(pushes)

    asks = [
        pushing.Push(device.pk, person.pk, cast.alice.since, [])
        for device, person in ((cast.mia, cast.alice), (cast.noah, cast.charlie))
    ]
    with patch.object(pushing, "_Devices", devices):
        pushing.push(asks)
    assert [one.people for one in seen] == [{cast.alice.pk, cast.charlie.pk}]


def test_a_program_reads_as_the_person_of_its_key(cast: Cast) -> None:
    text = make_token(id=uuid4(), child=cast.mia, name="button", right="read", lasts=timedelta(days=1), by=cast.alice)
    seen: list[Actor] = []
    real = moments.child_or_404

    def noted(*args: object, **kept: object) -> Child:
        seen.append(current())
        return real(*args, **kept)

    with patch.object(moments, "child_or_404", noted):
        answer = Client().get(f"/api/v1/children/{cast.mia.pk}/moments", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 200
    assert [one.people for one in seen] == [{cast.alice.pk}]
