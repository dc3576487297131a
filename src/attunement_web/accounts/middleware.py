"""Who acts in a request; keeps a sign-in's day and length up to date; stops a practitioner who gave one proof only."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.contrib.auth import get_user, logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from attunement_web.accounts.access import is_sure_enough, seconds_left
from attunement_web.accounts.models import User
from attunement_web.accounts.models.devices import FACTS
from attunement_web.actor import become, coming

Respond = Callable[[HttpRequest], HttpResponse]
_DAY, _MINUTE = 24 * 3600, 60


def somebody_acts(get_response: Respond) -> Respond:
    """From when it is asked who this is, she acts, until the answer is made; a page that does not ask pays nothing."""

    def respond(request: HttpRequest) -> HttpResponse:
        with coming():
            request.user = SimpleLazyObject(lambda: _recognised(request))  # type: ignore[assignment]  # as Django does
            return get_response(request)

    return respond


def _recognised(request: HttpRequest) -> User | AnonymousUser:
    person = get_user(request)
    if person.is_authenticated:
        become(person.pk)
    return person


class SignedInMiddleware:
    """Costs no query but one a day, or one a minute for practitioners, whose sign-in ends when they do nothing."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        facts, now = request.session.get(FACTS), time.time()
        left = seconds_left(request.user, request.session) if facts else None
        if facts is None or (left is not None and left <= 0):
            logout(request)
            return redirect("accounts:sign_in")
        if now - facts["seen"] >= (_DAY if left is None else _MINUTE):
            request.session[FACTS] = {**facts, "seen": now}
            request.session.set_expiry(left)
        at_the_door = request.resolver_match is not None and request.resolver_match.app_name == "accounts"
        if not is_sure_enough(request.user, request.session) and not at_the_door:
            return redirect("accounts:surer")
        return None
