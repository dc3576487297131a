"""How surely somebody is who she says: when she last proved it, and whether one proof was enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from attunement_web.accounts import queries
from attunement_web.accounts.models import User
from attunement_web.accounts.models.devices import FACTS

FRESH_FOR = 10 * 60  # seconds: long enough to finish a form
ASKED = "asked"  # in the session: the page to go back to, however she proves who she is
IDLE, AT_MOST = 30 * 60, 12 * 3600  # seconds that a practitioner stays signed in: without doing anything, and in all

View = Callable[..., HttpResponse]


def fresh_sign_in_required(view: View) -> View:
    """For what a stranger with an open phone in hand could do most harm by: she proves first that it is her.

    Whoever proved it in the last ten minutes goes straight on; others are sent to a page that asks, and then back.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return view(request, *args, **kwargs) if is_fresh(request) else ask_again(request)

    return asked


def own_ways_guarded(view: View) -> View:
    """For her own ways in: freshly proved, and a practitioner who has a second proof has given it.

    She who has none yet has to be let near, to choose one.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        assert isinstance(request.user, User)  # LoginRequiredMiddleware lets nobody else in
        if not is_sure_enough(request.user, request.session) and queries.kinds_of(request.user):
            return HttpResponseRedirect(reverse("accounts:surer"))
        return view(request, *args, **kwargs) if is_fresh(request) else ask_again(request)

    return guarded


def is_fresh(request: HttpRequest) -> bool:
    return 0 <= time.time() - request.session.get(FACTS, {}).get("proof", 0) <= FRESH_FOR


def came_by_link(request: HttpRequest) -> bool:
    """A one-time link let her in a moment ago: the way for who forgot her password, so it is not asked for."""
    facts = request.session.get(FACTS, {})
    return bool(facts.get("link")) and 0 <= time.time() - facts["since"] <= FRESH_FOR


def ask_again(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that asks for a proof, and from there to the page on which this was begun."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else came_from.path
    if request.method not in {"GET", "HEAD"} and came_from.netloc != request.get_host():
        here = ""
    return HttpResponseRedirect(f"{reverse('accounts:again')}?{urlencode({'next': here})}")


def is_sure_enough(person: User, session: SessionBase | Mapping[str, Any]) -> bool:
    """Whoever sees other people's children came in by a passkey, or by two proofs. Where the network at home reaches
    us, everybody has a way in that is hers: a one-time link alone opens nothing there.
    """
    if session.get(FACTS, {}).get("strong"):
        return True
    return not person.is_practitioner and (not settings.HTTPS_OWN or person.has_password)


def seconds_left(person: User, session: SessionBase) -> int | None:
    """How long this sign-in lasts when nothing more is done; None: as long as a family's."""
    if not person.is_practitioner:
        return None
    return int(min(IDLE, session[FACTS]["since"] + AT_MOST - time.time()))


def next_page(request: HttpRequest, asked: str) -> str:
    """The page asked for before signing in, when it is one of ours."""
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if ours else reverse("families:home")
