"""Pages about who may see a child: give access, each grant as a page, pause it, end it; and who looked."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from attunement_web.accounts.access import fresh_sign_in_required
from attunement_web.families import actions, queries
from attunement_web.families.access import child_or_404, grant_or_404
from attunement_web.families.forms.consent import GiveForm
from attunement_web.families.forms.offer import one_more_offer
from attunement_web.families.models import Grant, Role
from attunement_web.families.views.handing import handed_over
from attunement_web.shell.views import tell


def sharing(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Everybody who may see this child's record."""
    child = child_or_404(request.user, child_id, to="guard")
    page = {
        "child": child,
        "grants": queries.grants_of(child),
        "members": queries.members_of(child).exclude(role=Role.RELATIVE),
    }
    return render(request, "families/sharing.html", page)


@fresh_sign_in_required
def give(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """What it means, and then the question; the link is shown in the answer itself, and nowhere again."""
    child = child_or_404(request.user, child_id, to="guard")
    form = GiveForm(request.POST if request.method == "POST" else None, child=child)
    if form.is_valid():
        try:
            with one_more_offer(request.user):
                grant, token = actions.give_access(child=child, by=request.user, **form.cleaned_data)
        except ValidationError as no:
            form.add_error(None, no)
        else:
            back = reverse("families:grant", args=[child.pk, grant.pk])
            return handed_over(request, grant, token, back, _("To this consent"))
    return render(request, "families/give.html", {"child": child, "form": form}, status=422 if form.errors else 200)


def grant(request: HttpRequest, child_id: UUID, grant_id: UUID) -> HttpResponse:
    """One consent on one page, to read, to print, and with its history."""
    child, shown = grant_or_404(request.user, child_id, grant_id)
    page = {"child": child, "grant": shown, "history": queries.history_of(shown), "is_mine": _is_mine(request, shown)}
    return render(request, "families/grant.html", page)


@require_POST
@fresh_sign_in_required
def link(request: HttpRequest, child_id: UUID, grant_id: UUID) -> HttpResponse:
    """A new link in the place of the old one."""
    child, shown = grant_or_404(request.user, child_id, grant_id)
    token = actions.renew_link(grant_id=shown.pk, by=request.user)
    if token is None:
        tell(request, _("This invitation was answered already, or its last day is over."))
        return redirect("families:grant", child.pk, shown.pk)
    back = reverse("families:grant", args=[child.pk, shown.pk])
    return handed_over(request, shown, token, back, _("To this consent"))


@require_POST
@fresh_sign_in_required
def confirmation(request: HttpRequest, child_id: UUID, grant_id: UUID) -> HttpResponse:
    return _moved(
        request, child_id, grant_id, actions.confirm_access, _("From now on your record is open as you said.")
    )


@require_POST
def pause(request: HttpRequest, child_id: UUID, grant_id: UUID) -> HttpResponse:
    return _moved(request, child_id, grant_id, actions.pause_access, _("Paused. Nothing can be seen until you go on."))


@require_POST
@fresh_sign_in_required
def resumption(request: HttpRequest, child_id: UUID, grant_id: UUID) -> HttpResponse:
    return _moved(request, child_id, grant_id, actions.resume_access, _("It goes on as before, until the same day."))


@require_POST
def end(request: HttpRequest, child_id: UUID, grant_id: UUID) -> HttpResponse:
    return _moved(request, child_id, grant_id, actions.end_access, _("Ended. From now on nothing can be seen."))


def who_looked(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Every reading by somebody outside the family, and every change, in plain words."""
    child = child_or_404(request.user, child_id, to="write")
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) <= 18 else None
    only = request.GET.get("show") == "readings"
    page = {"child": child, "looked": queries.who_looked(child, before=number, readings=only), "only_readings": only}
    return render(request, "families/who_looked.html", page)


def _moved(request: HttpRequest, child_id: UUID, grant_id: UUID, step: Callable[..., bool], words: str) -> HttpResponse:
    child, shown = grant_or_404(request.user, child_id, grant_id)
    done = step(grant_id=shown.pk, by=request.user)
    tell(request, words if done else _("It had changed meanwhile, so we left it as it is. Please look again."))
    return redirect("families:grant", child.pk, shown.pk)


def _is_mine(request: HttpRequest, given: Grant) -> bool:
    return given.given_by_id is not None and given.given_by_id == request.user.pk
