"""A second proof beside the password, recovery codes for the day the phone is lost, and practitioners who give two."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from tests.strong import code_of, strong_browser
from tests.universe import PASSWORD, Cast

from attunement_web.accounts import bridge
from attunement_web.accounts.actions import (
    add_app,
    forget_second_factor,
    make_practitioner,
    make_sign_in_link,
    remove_factor,
)
from attunement_web.accounts.models import User, WrongTry
from attunement_web.accounts.models.factors import ways_of
from attunement_web.ledger.models import Entry

RIGHT = {"email": "alice@example.org", "password": PASSWORD}


@pytest.fixture
def secret(cast: Cast) -> str:
    """Of Alice's authenticator app; a minute has passed since she added it."""
    made = bridge.new_secret()
    with time_machine.travel(timezone.now() - timedelta(minutes=2), tick=False):
        assert add_app(person=cast.alice, secret=made, code=code_of(made), by=cast.alice)
    return made


def after_the_password() -> Client:
    browser = Client()
    assert browser.post(reverse("accounts:sign_in"), RIGHT).headers["Location"] == reverse("accounts:second")
    assert "_auth_user_id" not in browser.session
    return browser


def test_an_app_is_added_once_it_shows_a_code_that_fits(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    browser, page = signed_in(cast.alice), reverse("accounts:app")
    secret = browser.get(page).context["secret"]
    assert browser.get(page).context["secret"] == secret  # a page loaded twice does not change it
    assert browser.post(page, {"code": "000000" if code_of(secret) != "000000" else "000001"}).status_code == 422
    assert browser.post(page, {"code": code_of(secret)}).headers["Location"] == reverse("accounts:codes")
    assert len(browser.get(reverse("accounts:codes")).context["codes"]) == 10


def test_the_database_keeps_neither_secret_nor_codes(cast: Cast, secret: str) -> None:
    kept = str(list(Authenticator.objects.values())) + str(list(Entry.objects.values()))
    assert secret not in kept
    assert not [code for code in bridge.codes_of(cast.alice) if code in kept]


def test_after_the_password_a_code_lets_in_and_the_same_code_does_not_twice(cast: Cast, secret: str) -> None:
    code = code_of(secret)
    first, second = after_the_password(), after_the_password()
    assert first.post(reverse("accounts:second"), {"code": code}).headers["Location"] == reverse("families:home")
    assert first.session["_auth_user_id"] == str(cast.alice.pk)
    assert second.post(reverse("accounts:second"), {"code": code}).status_code == 422


def test_without_a_password_there_is_no_second_step(cast: Cast, secret: str) -> None:
    answer = Client().post(reverse("accounts:second"), {"code": code_of(secret)})
    assert answer.headers["Location"] == reverse("accounts:sign_in")
    late = after_the_password()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert late.get(reverse("accounts:second")).headers["Location"] == reverse("accounts:sign_in")


def test_the_drill_a_recovery_code_signs_in_and_is_spent(cast: Cast, secret: str) -> None:
    code = bridge.codes_of(cast.alice)[3]
    browser = after_the_password()
    assert browser.post(reverse("accounts:second"), {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    assert browser.session["_auth_user_id"] == str(cast.alice.pk)
    assert after_the_password().post(reverse("accounts:second"), {"code": code}).status_code == 422
    assert len(bridge.codes_of(cast.alice)) == 9
    assert Entry.objects.get(event="recovery_code.used").facts == {"left": 9}


def test_new_recovery_codes_end_the_old_ones(cast: Cast, secret: str, signed_in: Callable[[User], Client]) -> None:
    old = bridge.codes_of(cast.alice)
    assert signed_in(cast.alice).post(reverse("accounts:codes")).status_code == 302
    assert not set(old) & set(bridge.codes_of(cast.alice))
    assert after_the_password().post(reverse("accounts:second"), {"code": old[0]}).status_code == 422


def test_the_eleventh_code_waits_even_when_right_and_from_anywhere(cast: Cast, secret: str) -> None:
    browser = after_the_password()
    for number in range(WrongTry.MOST):
        wrong = browser.post(reverse("accounts:second"), {"code": "1"}, REMOTE_ADDR=f"192.0.2.{number}")
        assert wrong.status_code == 422
    right = {"code": bridge.codes_of(cast.alice)[0]}
    assert after_the_password().post(reverse("accounts:second"), right, REMOTE_ADDR="192.0.2.99").status_code == 422
    with time_machine.travel(timezone.now() + WrongTry.COUNTS_FOR + timedelta(seconds=1)):
        assert after_the_password().post(reverse("accounts:second"), right).status_code == 302


def test_the_last_way_takes_its_recovery_codes_with_it(cast: Cast, secret: str) -> None:
    assert remove_factor(person=cast.alice, factor_id=ways_of(cast.alice).get().pk, by=cast.alice)
    assert not Authenticator.objects.exists()
    assert Client().post(reverse("accounts:sign_in"), RIGHT).headers["Location"] == reverse("families:home")


def test_nobody_removes_the_way_of_another(cast: Cast, secret: str, signed_in: Callable[[User], Client]) -> None:
    hers = ways_of(cast.alice).get().pk
    signed_in(cast.bob).post(reverse("accounts:removal", args=[hers]))
    assert ways_of(cast.alice).exists()


@pytest.mark.parametrize(
    "credential", ["", "no json", "{}", '{"id": "x"}', "[1]", '{"response": {"userHandle": "eA"}}']
)
def test_what_is_no_passkey_lets_nobody_in(cast: Cast, credential: str) -> None:
    browser, page = Client(), reverse("accounts:passkey")
    assert browser.get(page).json()["publicKey"]["userVerification"] == "required"
    assert browser.post(page, {"credential": credential}).headers["Location"] == reverse("accounts:sign_in")
    assert "_auth_user_id" not in browser.session


def test_before_any_childs_page_a_practitioner_gives_a_second_proof(
    cast: Cast, secret: str, signed_in: Callable[[User], Client]
) -> None:
    make_practitioner(person=cast.alice, by=None)
    browser = signed_in(cast.alice)
    child, gate = reverse("families:child", args=[cast.mia.pk]), reverse("accounts:surer")
    assert browser.get(child).headers["Location"] == gate
    assert browser.get("/api/v1/me").status_code == 401
    for own in ("accounts:ways", "accounts:codes", "accounts:app", "accounts:passkey_wanted"):
        assert browser.get(reverse(own)).headers["Location"] == gate, own  # else one proof would make the second
    page = browser.get(gate)
    assert page.status_code == 200
    assert "Mia" not in page.text
    assert browser.post(gate, {"code": code_of(secret)}).status_code == 302
    assert browser.get(child).status_code == 200
    assert browser.get("/api/v1/me").status_code == 200


def test_a_practitioner_without_a_second_proof_is_led_to_one(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    make_practitioner(person=cast.alice, by=None)
    browser = signed_in(cast.alice)
    assert browser.get(reverse("families:home")).headers["Location"] == reverse("accounts:surer")
    assert reverse("accounts:app") in browser.get(reverse("accounts:surer")).text
    assert "data-unsure" in browser.get(reverse("accounts:surer")).text  # so that no script asks what is refused
    secret = browser.get(reverse("accounts:app")).context["secret"]
    assert browser.post(reverse("accounts:app"), {"code": code_of(secret)}).status_code == 302
    page = browser.get(reverse("families:child", args=[cast.mia.pk]))
    assert page.status_code == 200
    assert "data-unsure" not in page.text


def test_a_practitioner_keeps_her_last_second_proof(cast: Cast, secret: str) -> None:
    make_practitioner(person=cast.alice, by=None)
    strong_browser(cast.alice).post(reverse("accounts:removal", args=[ways_of(cast.alice).get().pk]))
    assert ways_of(cast.alice).exists()


def test_a_family_needs_no_second_proof(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(cast.bob).get(reverse("families:child", args=[cast.mia.pk])).status_code == 200


def test_nobody_signs_up_on_her_own(cast: Cast) -> None:
    from tests.browser.places import named_addresses

    assert not [name for name in named_addresses() if "signup" in name or "sign_up" in name]
    for path in ("/accounts/signup/", "/signup/", "/accounts/login/", "/2fa/"):
        assert Client().get(path).status_code in {302, 404}
        assert Client().post(path, RIGHT).status_code in {302, 403, 404}


def test_a_code_that_was_shown_a_moment_ago_still_fits(cast: Cast, secret: str) -> None:
    early = code_of(secret)
    with time_machine.travel(time.time() + 30, tick=False):
        assert bridge.code_shown(cast.alice, early) == bridge.APP


def test_after_a_key_is_lost_nothing_fits_until_whoever_runs_it_takes_the_second_step_away(
    cast: Cast, secret: str, settings: Settings
) -> None:
    spare = bridge.codes_of(cast.alice)[0]
    settings.LEDGER_KEY = "another key, as on a machine without the old one"
    bridge._seal.cache_clear()
    assert after_the_password().post(reverse("accounts:second"), {"code": code_of(secret)}).status_code == 422
    assert after_the_password().post(reverse("accounts:second"), {"code": spare}).status_code == 422
    link = make_sign_in_link(person=cast.alice, by=None)
    browser = Client()
    assert browser.post(reverse("accounts:enter", args=[link])).headers["Location"] == reverse("accounts:second")
    assert forget_second_factor(person=cast.alice, reason="key-lost", by=None)
    link = make_sign_in_link(person=cast.alice, by=None)
    assert browser.post(reverse("accounts:enter", args=[link])).status_code == 302
    assert browser.get(reverse("accounts:ways")).status_code == 200
    bridge._seal.cache_clear()


def test_a_passkey_that_does_not_fit_leads_back_to_where_she_was(cast: Cast, secret: str) -> None:
    browser, page = after_the_password(), reverse("accounts:passkey")
    assert browser.post(page, {"credential": "{}"}).headers["Location"] == reverse("accounts:second")
    inside = strong_browser(cast.alice)
    assert inside.post(page, {"credential": "{}"}).headers["Location"] == reverse("accounts:again")
