"""Signing in on a device, proving again who one is, and ending a device from afar."""

from __future__ import annotations

import re
import time
from typing import Any
from uuid import UUID

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from attunement_web.accounts.models import Device, User
from attunement_web.accounts.models.devices import FACTS
from attunement_web.actor import become
from attunement_web.ledger.actions import record

_BROWSERS = (("edg", "edge"), ("opr/", "opera"), ("firefox|fxios", "firefox"), ("samsungbrowser", "samsung"),
             ("chrome|chromium|crios", "chrome"), ("safari", "safari"))  # fmt: skip
_SYSTEMS = (("iphone", "iphone"), ("ipad", "ipad"), ("android", "android"), ("windows", "windows"),
            ("macintosh|mac os", "mac"), ("cros", "chromebook"), ("linux", "linux"))  # fmt: skip
PRACTITIONER_IDLE = 30 * 60  # seconds


@transaction.atomic
def sign_in(*, request: HttpRequest, person: User, way: str, strong: bool, by_link: bool = False) -> None:
    """Signed in on this device from now on; `strong` when it took a passkey or two proofs.

    `by_link`: a one-time link was the first of them, so she may not know her password.
    """
    Device.objects.filter(expire_date__lte=timezone.now()).delete()
    login(request, person)
    request.session[FACTS] = {**request.session[FACTS], "strong": strong, "link": by_link}
    record("person.signed_in", about=person, by=person, way=way)


@transaction.atomic
def prove(*, request: HttpRequest, person: User, way: str, strong: bool) -> None:
    """She showed again that it is her; the key of her session is a new one. A weaker proof takes nothing from before."""
    request.session.cycle_key()
    facts = request.session[FACTS]
    request.session[FACTS] = {**facts, "proof": time.time(), "strong": strong or facts["strong"]}
    record("person.signed_in", about=person, by=person, way=way)


def begin_device(sender: object, *, request: HttpRequest, user: User, **_: Any) -> None:
    """Django's own `login` tells us of each sign-in; the browser is kept in two words, without anything finer."""
    become(user.pk)
    now = time.time()
    browser = browser_of(request.META.get("HTTP_USER_AGENT", ""))
    request.session[FACTS] = {"browser": browser, "since": now, "seen": now, "proof": now, "strong": False}
    request.session.set_expiry(PRACTITIONER_IDLE if user.is_practitioner else None)


@transaction.atomic
def end_device(*, person: User, device_id: UUID, by: User) -> bool:
    """That browser is signed out at its next request; False when there is no such device."""
    found = Device.objects.filter(person=person, pk=device_id).delete()[0]
    if found:
        record("device.ended", about=person, by=by, device=device_id)
    return bool(found)


@transaction.atomic
def end_devices(*, person: User, by: User | None, but: UUID | None = None) -> int:
    """Every browser in which she is signed in, but for one; how many that were."""
    hers = Device.objects.filter(person=person)
    ended = (hers.exclude(pk=but) if but else hers).delete()[0]
    if ended:
        record("device.all_ended", about=person, by=by, count=ended)
    return ended


def browser_of(agent: str) -> str:
    """“firefox android”; empty where neither is known."""
    found = [_first(agent.lower(), known) for known in (_BROWSERS, _SYSTEMS)]
    return "" if set(found) == {"other"} else " ".join(found)


def _first(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((code for pattern, code in known if re.search(pattern, agent)), "other")
