"""The page that a family sees first."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from attunement_web.diary.access import sees_all
from attunement_web.families.access import child_or_404
from attunement_web.today import queries


def today(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Note a moment; this week; what to look out for; one thing to try; one moment from before.

    Who only notes begins with that.
    """
    child = child_or_404(request.user, child_id, to="note")
    if not sees_all(child):
        return redirect("diary:note", child.pk)
    day = child.today()
    page = {"child": child, "today": day, "shown": queries.day_of(child, day)}
    return render(request, "today/today.html", page)
