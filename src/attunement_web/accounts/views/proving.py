"""Proving again who one is, before something that matters; and the second proof that practitioners give."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from attunement_web.accounts import actions, queries
from attunement_web.accounts.access import ASKED, is_sure_enough, next_page
from attunement_web.accounts.forms import CodeForm, PasswordForm
from attunement_web.shell.views import tell


@sensitive_post_parameters("password", "code")
def again(request: HttpRequest) -> HttpResponse:
    """By whatever she has: a passkey, a password, a code. Where there is none of these, a new link does it."""
    if request.method == "GET":
        request.session[ASKED] = request.GET.get("next", "")
    person, machine = request.user, actions.machine_of(request)
    password = PasswordForm(request.POST if "password" in request.POST else None, person=person, machine=machine)
    code = CodeForm(request.POST if "code" in request.POST else None, person=person, machine=machine)
    if password.is_valid():
        return _proved(request, "password", strong=False)
    if code.is_valid():
        return _proved(request, code.way, strong=True)
    status = 422 if password.is_bound or code.is_bound else 200
    page = {"password": password, "code": code, "kinds": queries.kinds_of(person)}
    return render(request, "accounts/again.html", page, status=status)


@sensitive_post_parameters("code")
def surer(request: HttpRequest) -> HttpResponse:
    """Leads a practitioner to her second proof, and others to a way in of their own: to give it, or first to choose one."""
    if is_sure_enough(request.user, request.session):
        return redirect("families:home")
    kinds = queries.kinds_of(request.user)
    if not kinds and not request.user.is_practitioner:
        tell(request, _("Others reach this place too. So please choose how you come in: a password, or a passkey."))
        return redirect("accounts:me")
    form = CodeForm(request.POST or None, person=request.user, machine=actions.machine_of(request))
    if form.is_valid():
        return _proved(request, form.way, strong=True)
    page = {"form": form, "kinds": kinds}
    return render(request, "accounts/surer.html", page, status=422 if form.is_bound else 200)


def _proved(request: HttpRequest, way: str, *, strong: bool) -> HttpResponse:
    actions.prove(request=request, person=request.user, way=way, strong=strong)
    return redirect(next_page(request, request.session.pop(ASKED, "")))
