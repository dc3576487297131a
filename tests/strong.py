"""A browser in which a practitioner is signed in with two proofs, and the codes that an authenticator app would show."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from attunement_web.accounts.models import User
from attunement_web.accounts.models.devices import FACTS


def strong_browser(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session[FACTS] = {**session[FACTS], "strong": True}
    session.save()
    return browser


def code_of(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
