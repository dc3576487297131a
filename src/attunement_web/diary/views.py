"""The pages of the diary: note a moment in three taps, the timeline, one moment, what it adds up to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from attunement_web.diary import actions, bridge, queries
from attunement_web.diary.access import moment_or_404, only_by, sees_all, sibling_or_404, version_or_404
from attunement_web.diary.forms import (
    MENDED,
    STEPS,
    AnswerForm,
    DetailsForm,
    EndingForm,
    FilterForm,
    IdForm,
    MendingForm,
    SignalForm,
    VersionForm,
    WhoseForm,
)
from attunement_web.diary.models import Asks, Moment, new_id
from attunement_web.families.access import child_or_404, children_of
from attunement_web.families.models import Child
from attunement_web.shell.views import tell


def note(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """First tap: what did the child do? From here on the moment is kept."""
    child = child_or_404(request.user, child_id, to="note")
    form = SignalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answers = form.cleaned_data
        tap = actions.Tap(id=answers["id"], signal=answers["signal"])
        moment = actions.note_moment(
            child=child, tap=tap, by=request.user, corrects=answers["corrects"], only_own=not sees_all(child)
        )
        return redirect("diary:answer" if moment.signal else "diary:kept", child.pk, moment.pk)
    changes, again = (IdForm({"id": request.GET.get(name)}).chosen for name in ("change", "moment"))
    choices = bridge.signal_choices(child, child.today(), _habits(request, child))
    page = {
        "form": form,
        "child": child,
        "moment_id": changes or again or new_id(),
        "corrects": changes,
        "choices": choices,
    }
    return render(request, "diary/note.html", page, status=_status(form))


def answer(request: HttpRequest, child_id: UUID, moment_id: UUID) -> HttpResponse:
    """Second tap: what did you do?"""
    child, moment = moment_or_404(request.user, child_id, moment_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        acts, base = moment.acts_with(form.cleaned_data["act"]), form.cleaned_data["base"]
        actions.change_moment(moment=moment, by=request.user, base=base, acts=acts)
        return redirect("diary:ending", child.pk, moment.pk)
    choices = bridge.act_choices(moment.signal, child, moment.local_day, _habits(request, child))
    return _step(request, "diary/answer.html", child, moment, form, choices=choices)


def ending(request: HttpRequest, child_id: UUID, moment_id: UUID) -> HttpResponse:
    """Third tap: how did it end?"""
    child, moment = moment_or_404(request.user, child_id, moment_id)
    form = EndingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        outcome, base = form.cleaned_data["outcome"], form.cleaned_data["base"]
        actions.change_moment(moment=moment, by=request.user, base=base, outcome=outcome)
        return redirect("diary:mending" if bridge.needs_mending(moment) else "diary:kept", child.pk, moment.pk)
    choices = bridge.outcome_choices(moment.signal, child, moment.local_day)
    return _step(request, "diary/ending.html", child, moment, form, choices=choices)


def mending(request: HttpRequest, child_id: UUID, moment_id: UUID) -> HttpResponse:
    """After a miss: did you find each other again?"""
    child, moment = moment_or_404(request.user, child_id, moment_id)
    form = MendingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        mended, base = MENDED[form.cleaned_data["mended"]], form.cleaned_data["base"]
        actions.change_moment(moment=moment, by=request.user, base=base, mended=mended)
        return redirect("diary:kept", child.pk, moment.pk)
    return _step(request, "diary/mending.html", child, moment, form)


def _step(request: HttpRequest, template: str, child: Child, moment: Moment, form: Any, **more: object) -> HttpResponse:
    page = {"child": child, "moment": moment, "form": form, **more}
    return render(request, template, page, status=_status(form))


def kept(request: HttpRequest, child_id: UUID, moment_id: UUID) -> HttpResponse:
    """It is kept: undo, or add what you like."""
    return _details(request, child_id, moment_id, "diary/kept.html")


def moment(request: HttpRequest, child_id: UUID, moment_id: UUID) -> HttpResponse:
    """One moment, to look at and to change."""
    return _details(request, child_id, moment_id, "diary/moment.html")


def _details(request: HttpRequest, child_id: UUID, moment_id: UUID, template: str) -> HttpResponse:
    child, moment = moment_or_404(request.user, child_id, moment_id)
    children = list(children_of(request.user))
    siblings = [one for one in children if one.family_id == child.family_id]
    people = queries.people_named(child, by=only_by(child, request.user))
    form = DetailsForm(
        request.POST if request.method == "POST" else None, moment=moment, people=people, children=siblings
    )
    if form.is_valid():
        actions.change_moment(moment=moment, by=request.user, base=form.base, **form.changes())
        to = sibling_or_404(request.user, child, form.cleaned_data.get("child") or child.pk)
        actions.move_moment(moment=moment, to=to, by=request.user)
        return _onward(request, to, moment, form.cleaned_data["then"])
    page = {"child": child, "moment": moment, "children": children, "form": form}
    page |= {"dot": bridge.dots([moment])[0], "can_mend": bridge.needs_mending(moment)}
    page |= {"open_questions": queries.other_versions(moment, siblings)}
    return render(request, template, page, status=_status(form))


def _onward(request: HttpRequest, child: Child, moment: Moment, then: str) -> HttpResponse:
    """Where the button says; without one, to the timeline."""
    if then == "today" and sees_all(child):
        return redirect("today:today", child.pk)
    if then == "note":
        return redirect("diary:note", child.pk)
    if then == "signal":
        return redirect(f"{reverse('diary:note', args=[child.pk])}?change={moment.pk}")
    if then in STEPS:
        return redirect(f"diary:{then}", child.pk, moment.pk)
    tell(request, _("Kept."))
    return redirect(f"{reverse('diary:moments', args=[child.pk])}#{moment.pk}")


@require_POST
def version(request: HttpRequest, child_id: UUID, moment_id: UUID, version_id: UUID) -> HttpResponse:
    """Which of two versions shows."""
    child, moment = moment_or_404(request.user, child_id, moment_id)
    other, form = version_or_404(moment, version_id), VersionForm(request.POST)
    if not form.is_valid():
        raise Http404
    if form.cleaned_data["choice"] == "other":
        to = sibling_or_404(request.user, child, other.value) if other.field == "child" else None
        actions.use_version(moment=moment, version=other, by=request.user, to=to)
    else:
        actions.keep_shown(moment=moment, version=other, by=request.user)
    tell(request, _("Kept."))
    return redirect("diary:moment", moment.child_id, moment.pk)


@require_POST
def day(request: HttpRequest, child_id: UUID, moment_id: UUID) -> HttpResponse:
    """The day is right, though the phone's clock was not."""
    child, moment = moment_or_404(request.user, child_id, moment_id)
    actions.day_is_right(moment=moment, by=request.user)
    tell(request, _("Kept."))
    return redirect("diary:moment", child.pk, moment.pk)


@require_POST
def whose(request: HttpRequest, child_id: UUID, moment_id: UUID) -> HttpResponse:
    """It was about a brother or sister: the moment and the step go along."""
    child, moment = moment_or_404(request.user, child_id, moment_id)
    form = WhoseForm(request.POST)
    if not form.is_valid():
        raise Http404
    to = sibling_or_404(request.user, child, form.cleaned_data["child"])
    actions.move_moment(moment=moment, to=to, by=request.user)
    return redirect(f"diary:{form.cleaned_data['step']}", to.pk, moment.pk)


@require_POST
def removal(request: HttpRequest, child_id: UUID, moment_id: UUID) -> HttpResponse:
    """Out of sight, with a way back."""
    child, moment = moment_or_404(request.user, child_id, moment_id, removed=True)
    actions.remove_moment(moment=moment, by=request.user)
    tell(request, _("Taken away."), undo_url=reverse("diary:return", args=[child.pk, moment.pk]))
    return redirect("diary:moments", child.pk)


@require_POST
def back_again(request: HttpRequest, child_id: UUID, moment_id: UUID) -> HttpResponse:
    """A removed moment returns."""
    child, moment = moment_or_404(request.user, child_id, moment_id, removed=True)
    is_there = actions.bring_back_moment(moment=moment, by=request.user)
    tell(request, _("It is back.") if is_there else _("This one was taken away long ago, and is gone."))
    return redirect(f"{reverse('diary:moments', args=[child.pk])}#{moment.pk}")


def moments(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """The timeline, by day."""
    child = child_or_404(request.user, child_id, to="note")
    today = child.today()
    asked = FilterForm(request.GET).chosen
    after = IdForm({"id": request.GET.get("after")}).chosen
    page = {
        "child": child,
        "sees_all": sees_all(child),
        "today": today,
        "yesterday": today - timedelta(days=1),
        "timeline": queries.timeline(child, asks=asked, after=after, by=only_by(child, request.user)),
        "asks": asked,
        "filters": [choice for choice in Asks.choices if choice[0] != Asks.ANY],
        "is_first": after is None,
    }
    return render(request, "diary/moments.html", page)


def taken_away(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Removed moments that can still come back."""
    child = child_or_404(request.user, child_id, to="note")
    gone = queries.taken_away(child, timezone.now() - actions.BACK_WITHIN, by=only_by(child, request.user))
    return render(request, "diary/taken_away.html", {"child": child, "moments": gone})


def picture(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """What it adds up to."""
    child = child_or_404(request.user, child_id)
    page = {"child": child, "topics": queries.picture_of(child, child.today()), "weeks": queries.PICTURE_WEEKS}
    return render(request, "diary/picture.html", page)


def _habits(request: HttpRequest, child: Child) -> bridge.Diary:
    return queries.habits_of(child, by=only_by(child, request.user))


def _status(form: Any) -> int:
    return 422 if form.errors else 200
