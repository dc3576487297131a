"""The certificate of `attunement serve --certificate FILE --key FILE`: tried as a browser would, before anybody comes."""

from __future__ import annotations

import os
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attunement.errors import WrongUse

SOON = timedelta(days=14)
_WHATEVER_DAY = 0x200000  # OpenSSL's X509_V_FLAG_NO_CHECK_TIME: we look at the days ourselves, to say them
_OTHER_NAME = 62  # OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH


def checked(certificate: Path, key: Path, *, name: str, now: datetime) -> datetime:
    """When it ends. Raises WrongUse when no browser would take it for this name today, or others can read the key."""
    for path in (certificate, key):
        _refuse_unreadable(path)
    ours = _loaded(certificate, key)
    if os.name == "posix" and key.stat().st_mode & 0o077:
        raise WrongUse("others on this computer can read this key", place=str(key), remedy="run chmod 600 on it")
    shown = _met(ours, certificate, name)
    begins, ends = _day(shown["notBefore"]), _day(shown["notAfter"])
    if now >= ends:
        raise WrongUse(f"this certificate ended on {ends:%Y-%m-%d}", place=str(certificate), remedy="renew it first")
    if now < begins:
        remedy = "is this computer's clock right?"
        raise WrongUse(f"this certificate begins on {begins:%Y-%m-%d}", place=str(certificate), remedy=remedy)
    return ends


def trusting(certificate: Path) -> ssl.SSLContext:
    """For asking our own server: takes this certificate alone, whoever signed it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname_checks_common_name = False  # as browsers do
    context.load_verify_locations(certificate)
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    return context


def _refuse_unreadable(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise WrongUse(
            f"we cannot read this file ({(error.strerror or 'no reason given').lower()})", place=str(path)
        ) from error


def _loaded(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")  # else the terminal is asked for one
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            remedy = "in the certificate's file yours comes first, then those who signed it"
            raise WrongUse(f"this key is not that of {certificate}", place=str(key), remedy=remedy) from error
        what = "this is no certificate with its key"
        remedy = "both are PEM files, and the key has no password"
        raise WrongUse(what, place=f"{certificate}, {key}", remedy=remedy) from error
    return context


def _met(ours: ssl.SSLContext, certificate: Path, name: str) -> dict[str, str]:
    """What a browser reads in it that asks for this name; nothing leaves this process."""
    theirs = trusting(certificate)
    theirs.verify_flags |= _WHATEVER_DAY
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    browser = theirs.wrap_bio(back, there, server_hostname=name)
    server = ours.wrap_bio(there, back, server_side=True)
    try:
        for side in (browser, server, browser):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    except ssl.SSLCertVerificationError as error:
        what = f"this certificate does not hold the name {name}"
        if error.verify_code != _OTHER_NAME:
            what = f"no browser takes this certificate ({error.verify_message})"
        raise WrongUse(what, place=str(certificate)) from error
    shown = browser.getpeercert()
    assert shown
    return {"notBefore": str(shown["notBefore"]), "notAfter": str(shown["notAfter"])}


def _day(told: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told), UTC)
