"""The pages on which a guardian takes a copy, has a record erased, and undoes that within a week."""

from __future__ import annotations

import tempfile
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from attunement_web.accounts.access import fresh_sign_in_required
from attunement_web.families.models import Child
from attunement_web.rights import actions, queries
from attunement_web.rights.access import guarded_or_404, waiting_or_404
from attunement_web.rights.forms import CHILD, FAMILY, EraseForm, WhoseForm
from attunement_web.shell.views import tell


@fresh_sign_in_required
def copy(request: HttpRequest, child_id: UUID) -> HttpResponseBase:
    """What a copy holds; the POST answers with the archive itself."""
    child, mine, is_whole = guarded_or_404(request.user, child_id)
    form = WhoseForm(request.POST or None, choices=_choices(child, mine, several=len(mine) > 1, is_whole=is_whole))
    if form.is_valid():
        about = queries.about_child(child)
        if form.cleaned_data["whose"] == FAMILY:
            about = queries.about_family(child.family_id, {one.pk for one in mine})
        try:
            actions.begin_copy(about=about, by=request.user)
        except actions.TooManyCopies:
            form.add_error(None, _("You took several copies just now. Please wait an hour for the next one."))
            return render(request, "rights/copy.html", {"child": child, "form": form}, status=429)
        return _archive(about)
    return render(request, "rights/copy.html", {"child": child, "form": form}, status=422 if form.is_bound else 200)


def _archive(about: queries.About) -> FileResponse:
    """Whole before it is sent, in a file without a name, which is gone once it was sent."""
    file = tempfile.TemporaryFile(dir=settings.UPLOADS)  # noqa: SIM115  # the answer closes it
    now = timezone.now()
    queries.write_copy(file, about, now=now)
    file.seek(0)
    name = f"attunement-copy-{now:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@fresh_sign_in_required
def erase(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """What goes and what stays; with the name typed, the record is closed and a week begins."""
    child, mine, is_whole = guarded_or_404(request.user, child_id)
    choices = _choices(child, mine, several=len(mine) > 1 and is_whole, is_whole=is_whole)
    form = EraseForm(request.POST or None, choices=choices, called=child.name)
    if form.is_valid():
        if form.cleaned_data["whose"] == FAMILY:
            actions.ask_erasure(family=child.family, by=request.user)
        else:
            actions.ask_erasure(child=child, by=request.user)
        return redirect("rights:waiting")
    page = {"child": child, "form": form}
    return render(request, "rights/erase.html", page, status=422 if form.is_bound else 200)


def _choices(child: Child, mine: list[Child], *, several: bool, is_whole: bool) -> list[tuple[str, str]]:
    found = [(CHILD, _("Only %(name)s’s") % {"name": child.name})]
    if several:
        names = ", ".join(one.name for one in mine)
        whole = _("Everything of our family (%(names)s)") if is_whole else _("All of mine (%(names)s)")
        found.append((FAMILY, whole % {"names": names}))
    return found


def waiting(request: HttpRequest) -> HttpResponse:
    """What waits to be erased, for every guardian of it, with the way back."""
    return render(request, "rights/waiting.html", {"waiting": queries.waiting_for(request.user)})


@require_POST
def undo(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """Open again, for everybody who belonged."""
    erasure = waiting_or_404(request.user, erasure_id)
    if actions.undo_erasure(erasure=erasure, by=request.user):
        tell(request, _("It is all back, as it was."))
        return redirect("families:home")
    tell(request, _("The week is over, so we cannot bring it back."))
    return redirect("rights:waiting")
