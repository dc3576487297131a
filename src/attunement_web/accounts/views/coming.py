"""Coming in, by link, password or passkey, with a second proof where there is one; and going out."""

from __future__ import annotations

import time

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from attunement_web.accounts import actions, bridge, queries
from attunement_web.accounts.access import ASKED, next_page
from attunement_web.accounts.forms import CodeForm, CredentialForm, SignInForm
from attunement_web.accounts.models import User
from attunement_web.shell.views import tell

HALF, HALF_LASTS = "half", 10 * 60  # a link or password that fitted, while the second proof is asked for; seconds


@login_not_required
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link. Looking at it uses nothing up, so that a link preview cannot; its one button does."""
    if request.method != "POST":
        return render(request, "accounts/enter.html")
    try:
        with actions.Try(links_from=actions.machine_of(request)) as one:
            person = actions.use_sign_in_link(token=token)
            if person is None:
                return render(request, "accounts/enter_again.html", status=410)
            one.fitted()
    except actions.TooManyTries:
        return render(request, "accounts/wait.html", status=429)
    asked = request.session.pop(ASKED, "")
    return _first_step(request, person, "link", asked)


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None, machine=actions.machine_of(request))
    asked = request.POST.get("next") or request.GET.get("next", "")
    if form.is_valid():
        return _first_step(request, form.person, "password", asked)
    page = {"form": form, "next": asked}
    return render(request, "accounts/sign_in.html", page, status=422 if form.is_bound else 200)


@login_not_required
@sensitive_post_parameters("code")
def second(request: HttpRequest) -> HttpResponse:
    """The password or the link fitted; now a code or a passkey."""
    person = _half(request)
    if person is None:
        return redirect("accounts:sign_in")
    form = CodeForm(request.POST or None, person=person, machine=actions.machine_of(request))
    if form.is_valid():
        return _whole(request, person, form.way)
    page = {"form": form, "kinds": queries.kinds_of(person)}
    return render(request, "accounts/second.html", page, status=422 if form.is_bound else 200)


@login_not_required
def passkey(request: HttpRequest) -> HttpResponse:
    """GET: what the browser asks a passkey to sign. POST: what it signed, to come in, or to prove it again."""
    person = request.user if request.user.is_authenticated else _half(request)
    if request.method != "POST":
        if not request.user.is_authenticated:
            request.session.set_expiry(HALF_LASTS)
        return JsonResponse(bridge.passkey_asked(person))
    half = request.session.get(HALF, {})
    asked = request.session.get(ASKED) or half.get("next") or request.POST.get("next", "")
    form = CredentialForm(request.POST, person=person, machine=actions.machine_of(request))
    if not form.is_valid():
        tell(request, form.errors["__all__"][0])
        at = "again" if request.user.is_authenticated else "second" if person else "sign_in"
        return redirect(f"accounts:{at}")
    if request.user.is_authenticated:
        actions.prove(request=request, person=request.user, way=bridge.PASSKEY, strong=True)
        request.session.pop(ASKED, None)
        return redirect(next_page(request, asked))
    request.session.pop(HALF, None)
    by_link = person is not None and half["first"] == "link"
    actions.sign_in(request=request, person=form.shown, way=bridge.PASSKEY, strong=True, by_link=by_link)
    return redirect(next_page(request, asked))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")


def _first_step(request: HttpRequest, person: User, way: str, asked: str) -> HttpResponse:
    """Enough for whoever has no second proof; others are asked for it, and nobody else stays signed in meanwhile."""
    if not queries.kinds_of(person):
        actions.sign_in(request=request, person=person, way=way, strong=False, by_link=way == "link")
        return redirect(next_page(request, asked))
    if request.user.is_authenticated and request.user != person:
        logout(request)
    request.session[HALF] = {"person": str(person.pk), "at": time.time(), "next": asked, "first": way}
    if not request.user.is_authenticated:
        request.session.set_expiry(HALF_LASTS)
    return redirect("accounts:second")


def _half(request: HttpRequest) -> User | None:
    """Whose link or password fitted in this browser, a moment ago."""
    half = request.session.get(HALF)
    if not half or time.time() - half["at"] > HALF_LASTS:
        return None
    return queries.person_of(half["person"])


def _whole(request: HttpRequest, person: User, way: str) -> HttpResponse:
    half = request.session.pop(HALF)
    actions.sign_in(request=request, person=person, way=way, strong=True, by_link=half["first"] == "link")
    if way == bridge.RECOVERY:
        tell(request, _("You came in with a recovery code. It is used up now."))
    return redirect(next_page(request, half["next"]))
