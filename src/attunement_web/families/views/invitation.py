"""Opening an invitation: a page that shows nothing about a child, and one button that says yes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from attunement_web.accounts.actions import machine_of, sign_in
from attunement_web.families import actions, queries
from attunement_web.families.forms.consent import JoinForm
from attunement_web.families.models import Grant
from attunement_web.shell.views import tell


@login_not_required
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at it uses nothing up, so that a link preview cannot."""
    invited = queries.invitation(token)
    if invited is None:
        return _over(request)
    if not request.user.is_authenticated:
        return _stranger(request, invited, token)
    if request.user.email != invited.email:
        return render(request, "families/invitation_not_yours.html", status=403)
    if request.method != "POST":
        return render(request, "families/invitation.html", {"grant": invited})
    return _accepted(request) if actions.accept_access(token=token, by=request.user) else _over(request)


def _stranger(request: HttpRequest, invited: Grant, token: str) -> HttpResponse:
    """Not signed in: to sign in and come back, or to begin here."""
    form = JoinForm(request.POST if request.method == "POST" else None, grant=invited, machine=machine_of(request))
    if form.is_valid():
        accepted = actions.join_and_accept(token=token, **form.cleaned_data)
        if accepted is None or accepted.person is None:
            return _over(request)
        sign_in(request=request, person=accepted.person, way="invitation", strong=False)
        return _accepted(request)
    page = {"grant": invited, "form": form, "here": request.path}
    return render(request, "families/invitation.html", page, status=422 if form.errors else 200)


def _accepted(request: HttpRequest) -> HttpResponse:
    tell(request, _("Thank you. The family is asked once more, and then it shows here."))
    return redirect("caseload:children")


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "families/invitation_over.html", status=410)
