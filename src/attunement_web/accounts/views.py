"""Coming in, going out, and one's own name, address and password."""

from __future__ import annotations

from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from attunement_web.accounts import actions
from attunement_web.accounts.forms import MeForm, SignInForm
from attunement_web.shell.views import tell


@login_not_required
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link. Looking at it uses nothing up, so that a link preview cannot; its one button does."""
    if request.method != "POST":
        return render(request, "accounts/enter.html")
    person = actions.use_sign_in_link(token=token)
    if person is None:
        return render(request, "accounts/enter_again.html", status=410)
    login(request, person)
    return redirect("families:home")


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None, machine=request.META.get("REMOTE_ADDR", ""))
    if form.is_valid():
        login(request, form.person)
        return redirect(_next(request))
    page = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "accounts/sign_in.html", page, status=422 if form.is_bound else 200)


def _next(request: HttpRequest) -> str:
    """The page asked for before signing in, when it is one of ours."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if ours else "families:home"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")


@sensitive_post_parameters("password")
def me(request: HttpRequest) -> HttpResponse:
    form = MeForm(request.POST or None, person=request.user)
    if form.is_valid():
        person = actions.change_person(person=request.user, by=request.user, **form.cleaned_data)
        update_session_auth_hash(request, person)
        tell(request, _("Kept."))
        return redirect("accounts:me")
    return render(request, "accounts/me.html", {"form": form}, status=422 if form.is_bound else 200)
