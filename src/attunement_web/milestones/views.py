"""Pages of the milestones: the list of an age, and one milestone."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from attunement_web.families.access import child_or_404
from attunement_web.milestones import actions, bridge, queries
from attunement_web.milestones.forms import TellForm
from attunement_web.milestones.models import Stage
from attunement_web.shell.views import tell


def listing(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """The milestones of one age; without `at`, of the age the child grows towards."""
    child = child_or_404(request.user, child_id)
    today = child.today()
    now = bridge.nearest_checkpoint(child, today)
    asked = request.GET.get("at", "")
    at = int(asked) if asked.isdecimal() and int(asked) in bridge.checkpoints() else now
    told = queries.told(child)
    page = {
        "child": child, "today": today, "at": at, "now": now, "ages": bridge.checkpoints(),
        "parts": queries.page_of(at, told), "suggested": queries.suggested(child, today, told),
    }  # fmt: skip
    return render(request, "milestones/list.html", page)


def one(request: HttpRequest, child_id: UUID, milestone_id: str) -> HttpResponse:
    """One milestone: what it is, what the family sees, and what that may call for."""
    child = child_or_404(request.user, child_id, to="write" if request.method == "POST" else "read")
    shown = _known(milestone_id)
    today, told = child.today(), queries.told(child).get(shown.id)
    moments = queries.moments_for(child, shown, told)
    form = TellForm(request.POST or None, one=shown, child=child, today=today, moments=moments, told=told)
    if form.is_valid():
        kept = form.cleaned_data
        actions.tell_milestone(
            child=child, milestone=shown.id, stage=kept["stage"], seen_on=kept["seen_on"], words=kept["words"],
            moment_id=kept.get("moment"), by=request.user,
        )  # fmt: skip
        tell(request, _("Kept."))
        return redirect("milestones:one", child.pk, shown.id)
    said = bridge.what_to_say(shown, told.stage, child=child, on=today) if told else None
    page = {
        "child": child, "milestone": shown, "usually": bridge.usually_seen(shown), "told": told, "form": form,
        "said": said, "moments": moments,
    }  # fmt: skip
    return render(request, "milestones/one.html", page, status=422 if form.is_bound else 200)


@require_POST
def answer(request: HttpRequest, child_id: UUID, milestone_id: str) -> HttpResponse:
    """A suggestion answered in one tap: yes, this moment shows it; or not quite yet."""
    child = child_or_404(request.user, child_id, to="write")
    shown = _known(milestone_id)
    moment = queries.moment_suggested(child, shown, request.POST.get("moment", ""))
    if moment is None:
        raise Http404
    yes = request.POST.get("answer") == "yes"
    actions.tell_milestone(
        child=child, milestone=shown.id, stage=Stage.STARTING if yes else Stage.NOT_YET,
        seen_on=moment.local_day if yes else None, moment_id=moment.pk if yes else None, by=request.user,
    )  # fmt: skip
    tell(request, _("Added, with the day of your moment.") if yes else _("Kept as “not yet”."))
    return redirect("milestones:list", child.pk)


@require_POST
def removal(request: HttpRequest, child_id: UUID, milestone_id: str) -> HttpResponse:
    """What was told is taken back: a slip of a finger is no claim."""
    child = child_or_404(request.user, child_id, to="write")
    shown = _known(milestone_id)
    actions.take_back_milestone(child=child, milestone=shown.id, by=request.user)
    tell(request, _("Taken back. Nothing is told of this now."))
    return redirect("milestones:one", child.pk, shown.id)


def _known(milestone_id: str) -> bridge.Milestone:
    found = bridge.known(milestone_id)
    if found is None:
        raise Http404
    return found
