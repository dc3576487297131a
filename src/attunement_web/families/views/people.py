"""Pages about the people of a child: who is here as what, inviting somebody, ending a part, leaving."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from attunement_web.accounts.access import fresh_sign_in_required
from attunement_web.families import actions, queries
from attunement_web.families.access import child_or_404, guarded_with, invitation_or_404, part_or_404
from attunement_web.families.forms.offer import one_more_offer
from attunement_web.families.forms.people import InviteForm
from attunement_web.families.models import Role
from attunement_web.families.views.handing import handed_over
from attunement_web.shell.views import tell

CHANGED_MEANWHILE = gettext_lazy("It had changed meanwhile, so we left it as it is. Please look again.")


def people(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """One's own part; for those who see the record everybody else's; for guardians who was invited."""
    child = child_or_404(request.user, child_id, to="note")
    mine = queries.part_of(child, request.user)
    page: dict[str, object] = {"child": child, "mine": mine, "is_guardian": mine and mine.role == Role.GUARDIAN}
    if mine is not None and mine.role != Role.RELATIVE:
        page["members"] = queries.members_of(child)
    if page["is_guardian"]:
        page["invitations"] = queries.open_invitations(child)
    return render(request, "families/people.html", page)


@fresh_sign_in_required
def invite(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """As what, who, for which children; the link is shown in the answer itself, and nowhere again."""
    child = child_or_404(request.user, child_id, to="guard")
    data = request.POST if request.method == "POST" else None
    form = InviteForm(data, child=child, guarded=guarded_with(request.user, child))
    if form.is_valid():
        try:
            with one_more_offer(request.user):
                invitation, token = actions.invite(by=request.user, **form.cleaned_data)
        except ValidationError as no:
            form.add_error(None, no)
        else:
            back = reverse("families:invited", args=[child.pk, invitation.pk])
            return handed_over(request, invitation, token, back, _("To this invitation"))
    return render(request, "families/invite.html", {"child": child, "form": form}, status=422 if form.errors else 200)


def invited(request: HttpRequest, child_id: UUID, invitation_id: UUID) -> HttpResponse:
    """One invitation: where it stands, and who said yes to it."""
    child, shown = invitation_or_404(request.user, child_id, invitation_id)
    is_mine = shown.given_by_id is not None and shown.given_by_id == request.user.pk
    return render(request, "families/invited.html", {"child": child, "invitation": shown, "is_mine": is_mine})


@require_POST
@fresh_sign_in_required
def invited_link(request: HttpRequest, child_id: UUID, invitation_id: UUID) -> HttpResponse:
    """A new link in the place of the old one."""
    child, shown = invitation_or_404(request.user, child_id, invitation_id)
    token = actions.renew_invitation(invitation_id=shown.pk, by=request.user)
    if token is None:
        tell(request, _("This invitation was answered already, or it is over."))
        return redirect("families:invited", child.pk, shown.pk)
    back = reverse("families:invited", args=[child.pk, shown.pk])
    return handed_over(request, shown, token, back, _("To this invitation"))


@require_POST
@fresh_sign_in_required
def invited_confirmation(request: HttpRequest, child_id: UUID, invitation_id: UUID) -> HttpResponse:
    return _moved(request, child_id, invitation_id, actions.confirm_invitation, _("It is settled, from now on."))


@require_POST
def invited_end(request: HttpRequest, child_id: UUID, invitation_id: UUID) -> HttpResponse:
    return _moved(request, child_id, invitation_id, actions.end_invitation, _("Ended. Its link opens nothing now."))


def part(request: HttpRequest, child_id: UUID, membership_id: UUID) -> HttpResponse:
    """Somebody's part, and what a guardian can do about it."""
    child, shown = part_or_404(request.user, child_id, membership_id)
    other = {Role.CAREGIVER: Role.RELATIVE, Role.RELATIVE: Role.CAREGIVER}.get(Role(shown.role))
    page = {"child": child, "part": shown, "other": other, "is_mine": shown.user_id == request.user.pk}
    return render(request, "families/part.html", page)


@require_POST
@fresh_sign_in_required
def part_role(request: HttpRequest, child_id: UUID, membership_id: UUID) -> HttpResponse:
    """A caregiver becomes a relative, or the other way."""
    child, shown = part_or_404(request.user, child_id, membership_id)
    role = request.POST.get("role", "")
    _done(request, lambda: actions.change_role(membership=shown, role=role, by=request.user), _("Kept."))
    return redirect("families:people", child.pk)


@require_POST
def part_end(request: HttpRequest, child_id: UUID, membership_id: UUID) -> HttpResponse:
    child, shown = part_or_404(request.user, child_id, membership_id)
    if shown.user_id == request.user.pk:
        return redirect("families:leave", child.pk)
    words = _("Ended. From now on nothing opens there.")
    _done(request, lambda: actions.end_membership(membership=shown, by=request.user), words)
    return redirect("families:people", child.pk)


@fresh_sign_in_required
def leave(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """What it means to leave, and then the button."""
    child = child_or_404(request.user, child_id, to="note")
    if request.method == "POST":
        words = _("You left. Nothing of this child opens for you now.")
        is_over = _done(request, lambda: actions.leave(child=child, by=request.user), words)
        return redirect("families:home") if is_over else redirect("families:leave", child.pk)
    mine = queries.part_of(child, request.user)
    is_last = mine is not None and queries.is_last_guardian(mine)
    return render(request, "families/leave.html", {"child": child, "mine": mine, "is_last": is_last})


def _done(request: HttpRequest, step: Callable[[], object], words: str) -> bool:
    """Does it and says so, or says why it stays as it is."""
    try:
        done = bool(step())
    except ValidationError as no:
        tell(request, " ".join(no.messages))
        return False
    tell(request, words if done else str(CHANGED_MEANWHILE))
    return done


def _moved(
    request: HttpRequest, child_id: UUID, invitation_id: UUID, step: Callable[..., bool], words: str
) -> HttpResponse:
    child, shown = invitation_or_404(request.user, child_id, invitation_id)
    _done(request, lambda: step(invitation_id=shown.pk, by=request.user), words)
    return redirect("families:people", child.pk)
