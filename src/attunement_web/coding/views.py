"""The pages of coded recordings: bring a file, look at its report, keep it, take it away."""

from __future__ import annotations

import threading
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from attunement_web.coding import actions, bridge, queries
from attunement_web.coding.access import recording_or_404
from attunement_web.coding.forms import FileForm
from attunement_web.coding.models import Recording
from attunement_web.families.access import child_or_404
from attunement_web.families.models import Child
from attunement_web.shell.views import tell

_ONE_AT_A_TIME = threading.Lock()  # a file may keep a thread for half a minute; the others stay free for the family


def recordings(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Those that are kept, and the way to bring another one."""
    child = child_or_404(request.user, child_id, to="write" if request.method == "POST" else "read")
    form = FileForm.of(request) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        brought = _brought(request, child, form)
        if brought:
            if brought.is_kept:
                tell(request, _("This file is here already, so nothing was added."))
            return redirect("coding:recording", child.pk, brought.pk)
    page = {
        "child": child, "form": form, "recordings": queries.of_child(child),
        "waiting": queries.waiting(child, request.user),
        "taken_away": queries.taken_away(child, timezone.now() - actions.BACK_WITHIN),
    }  # fmt: skip
    return render(request, "coding/recordings.html", page, status=422 if form.errors else 200)


def _brought(request: HttpRequest, child: Child, form: FileForm) -> Recording | None:
    """The file, read; None when it was not, and then the form says why. Nothing is kept of such a file."""
    file, name = form.cleaned_data["file"], form.cleaned_data["name"]
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        form.add_error("file", _("We are reading another file just now. Please try again in a minute."))
        return None
    try:
        read = bridge.read(file.chunks(), name, folder=settings.UPLOADS)
    except bridge.TookTooMuch:
        form.add_error("file", _("This file took too long or asked for too much, so we stopped. Nothing was kept."))
    except bridge.NotRead as error:
        form.add_error("file", _("We could not read this file. %(why)s. Nothing was kept.") % {"why": error})
    except bridge.Mistake:
        form.add_error("file", _("We did not get to the end of this file, and the mistake is ours. Nothing was kept."))
    else:
        return actions.show_recording(child=child, name=name, read=read, by=request.user)
    finally:
        _ONE_AT_A_TIME.release()
    return None


def recording(request: HttpRequest, child_id: UUID, recording_id: UUID) -> HttpResponse:
    """The report of one session; before it is kept, with the question whether to keep it."""
    child, shown = recording_or_404(request.user, child_id, recording_id)
    page = {"child": child, "recording": shown, "sheet": queries.sheet(shown, request.GET.get("session", ""))}
    return render(request, "coding/recording.html", page)


def numbers(request: HttpRequest, child_id: UUID, recording_id: UUID) -> HttpResponse:
    """The record of every session as a JSON file, the same as the command line writes."""
    _child, shown = recording_or_404(request.user, child_id, recording_id)
    response = JsonResponse(bridge.as_answer(shown.version, shown.shown))
    response.headers["Content-Disposition"] = 'attachment; filename="recording.json"'
    return response


@require_POST
def keeping(request: HttpRequest, child_id: UUID, recording_id: UUID) -> HttpResponse:
    child, shown = recording_or_404(request.user, child_id, recording_id, to="write")
    actions.keep_recording(recording=shown, by=request.user)
    tell(request, _("Kept."))
    return redirect("coding:recording", child.pk, shown.pk)


@require_POST
def removal(request: HttpRequest, child_id: UUID, recording_id: UUID) -> HttpResponse:
    """Out of sight, with a way back; one that was not kept yet is let go."""
    child, shown = recording_or_404(request.user, child_id, recording_id, to="write", removed=True)
    if actions.remove_recording(recording=shown, by=request.user):
        tell(request, _("Taken away."), undo_url=reverse("coding:return", args=[child.pk, shown.pk]))
    else:
        tell(request, _("Let go. Nothing of it was kept."))
    return redirect("coding:recordings", child.pk)


@require_POST
def back_again(request: HttpRequest, child_id: UUID, recording_id: UUID) -> HttpResponse:
    """A recording that was taken away returns."""
    child, shown = recording_or_404(request.user, child_id, recording_id, to="write", removed=True)
    is_there = actions.bring_back_recording(recording=shown, by=request.user)
    tell(request, _("It is back.") if is_there else _("This one was taken away long ago, and is gone."))
    return redirect("coding:recordings", child.pk)
