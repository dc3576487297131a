"""Opening a link: a page that shows nothing about a child, and one button that says yes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from attunement_web.accounts.actions import machine_of, sign_in
from attunement_web.families import actions, queries
from attunement_web.families.forms.offer import JoinForm
from attunement_web.families.models import Grant, Offer
from attunement_web.shell.views import tell


@login_not_required
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at it uses nothing up, so that a link preview cannot."""
    offer = queries.offer(token)
    if offer is None:
        return _over(request)
    if not request.user.is_authenticated:
        return _stranger(request, offer, token)
    if request.user.email != offer.email:
        return render(request, "families/invitation_not_yours.html", status=403)
    if request.method != "POST":
        return _shown(request, offer)
    accepted = actions.accept_offer(token=token, by=request.user)
    return _accepted(request, accepted) if accepted else _over(request)


def almost(request: HttpRequest) -> HttpResponse:
    """Where somebody waits who said yes, while the one who invited her is asked; or learns that her part is over."""
    return render(request, "families/almost.html", {"waiting": queries.invitations_answered(request.user)})


def _stranger(request: HttpRequest, offer: Offer, token: str) -> HttpResponse:
    """Not signed in: to sign in and come back, or to begin here."""
    form = JoinForm(request.POST if request.method == "POST" else None, offer=offer, machine=machine_of(request))
    if form.is_valid():
        accepted = actions.join_and_accept(token=token, **form.cleaned_data)
        if accepted is None or accepted.person is None:
            return _over(request)
        sign_in(request=request, person=accepted.person, way="invitation", strong=False)
        return _accepted(request, accepted)
    return _shown(request, offer, form)


def _shown(request: HttpRequest, offer: Offer, form: JoinForm | None = None) -> HttpResponse:
    page = {"form": form, "here": request.path}
    status = 422 if form and form.errors else 200
    if isinstance(offer, Grant):
        return render(request, "families/invitation.html", page | {"grant": offer}, status=status)
    return render(request, "families/invitation_to_belong.html", page | {"invitation": offer}, status=status)


def _accepted(request: HttpRequest, offer: Offer) -> HttpResponse:
    if not isinstance(offer, Grant):
        return redirect("families:almost")
    tell(request, _("Thank you. The family is asked once more, and then it shows here."))
    return redirect("caseload:children")


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "families/invitation_over.html", status=410)
