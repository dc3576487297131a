"""Passkeys and codes, as django-allauth and fido2 work them: the only file of the site that asks these libraries."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as app_codes
from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from attunement_web.accounts.models import User
from attunement_web.accounts.models.factors import (
    APP,
    PASSKEY,
    RECOVERY,
    Authenticator,
    factors_of,
    forget_codes,
    remember_count,
)

__all__ = ["APP", "PASSKEY", "RECOVERY"]
_MISFIT = (ValidationError, ValueError, TypeError, KeyError, AttributeError, InvalidSignature)


class Adapter(DefaultMFAAdapter):
    """What allauth asks of the site (`settings.MFA_ADAPTER`)."""

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Attunement"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        called = user.email or user.name or "Attunement"
        return {"id": user.pk.hex.encode(), "display_name": user.name or called, "name": called}

    def get_totp_label(self, user: User) -> str:
        return user.email or user.name or "Attunement"


def passkey_wanted(person: User) -> dict[str, Any]:
    """What the browser needs to make a passkey: one it keeps itself, behind a finger, a face or a PIN."""
    return _passkeys().begin_registration(person, passwordless=True)


def keep_passkey(person: User, *, name: str, credential: Any) -> Authenticator | None:
    """The new passkey; None when the answer does not fit what was asked."""
    passkeys = _passkeys()
    try:
        passkeys.parse_registration_response(credential)
        passkeys.complete_registration(credential)  # refuses one without finger, face or PIN
    except _MISFIT:
        return None
    finally:
        passkeys.clear_state()
    return passkeys.WebAuthn.add(person, name, credential).instance


def passkey_asked(person: User | None = None) -> dict[str, Any]:
    """What the browser needs to show a passkey of this person, or of whoever holds one here."""
    return _passkeys().begin_authentication(person)


def passkey_shown(credential: Any, *, person: User | None = None) -> User | None:
    """Whose passkey this is, when its signature fits and it asked for finger, face or PIN; of `person` alone, if given.

    What was asked is good for one answer, right or wrong.
    """
    passkeys = _passkeys()
    try:
        passkeys.parse_authentication_response(credential)
        found: Any = person or passkeys.extract_user_from_response(credential)
        used = passkeys.complete_authentication(found, credential)
    except _MISFIT:
        return None
    finally:
        passkeys.clear_state()
    used.record_usage()
    return found if found.is_active else None


def _passkeys() -> Any:
    """Read when somebody uses a passkey: fido2 takes a tenth of a second."""
    from allauth.mfa.webauthn.internal import auth

    return auth


def new_secret() -> str:
    return app_codes.generate_totp_secret()


def picture_of(secret: str, person: User) -> str:
    """The secret as a square to point a phone's camera at (SVG)."""
    adapter = get_adapter()
    drawn: str = adapter.build_totp_svg(adapter.build_totp_url(person, secret))
    return drawn[drawn.index("<svg") :]  # what comes before belongs to a file, not to a page


def keep_app(person: User, *, secret: str, code: str) -> Authenticator | None:
    """The authenticator app, once it shows a code that fits. The code is spent with that."""
    now = next((count for count, made in _codes(secret) if made == _digits(code)), None)
    if now is None:
        return None
    kept = app_codes.TOTP.activate(person, secret).instance
    remember_count(kept, now)
    return kept


@transaction.atomic
def code_shown(person: User, code: str) -> str | None:
    """Which way in this code belongs to, APP or RECOVERY; it is spent. None when it fits neither."""
    code = _digits(code)
    app, codes = (factors_of(person).select_for_update().filter(type=kind).first() for kind in (APP, RECOVERY))
    try:
        if app and _spend(app, code):
            return APP
        if codes and codes.wrap().validate_code(code):
            codes.record_usage()
            return RECOVERY
    except InvalidToken:  # sealed with a key that is gone: nothing fits what nobody can read
        return None
    return None


def codes_of(person: User) -> list[str]:
    """The recovery codes that still work."""
    kept = factors_of(person).filter(type=RECOVERY).first()
    try:
        return kept.wrap().get_unused_codes() if kept else []
    except InvalidToken:
        return []


def make_codes(person: User) -> None:
    """Ten new ones; those from before open nothing any more."""
    forget_codes(person)
    RecoveryCodes.activate(person)


@cache
def _seal() -> Fernet:
    """From a key that lies outside the database, so that a copy of the database alone makes no codes.

    Of the two there, the ledger's is the one that stays for ever and goes along in each backup.
    """
    key = hashlib.sha256(b"attunement.accounts.factors:" + settings.LEDGER_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _spend(app: Authenticator, code: str) -> bool:
    for count, made in _codes(get_adapter().decrypt(app.data["secret"])):
        if made == code and count > app.data.get("last", 0):
            remember_count(app, count)
            app.record_usage()
            return True
    return False


def _codes(secret: str) -> Iterator[tuple[int, str]]:
    """The codes of now and of half a minute around it, each with its number: phones' clocks differ a little."""
    for count in app_codes.yield_hotp_counters_from_time():
        yield count, app_codes.format_hotp_value(app_codes.hotp_value(secret, count))


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign.isdigit())
