"""A practitioner's pages: the children shared with her, and of each what its family's consent covers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from attunement_web.caseload import actions, queries
from attunement_web.caseload.access import report_or_404
from attunement_web.caseload.forms import AfterForm
from attunement_web.coding.queries import sheet
from attunement_web.families.access import open_grants_of, shared_child_or_404
from attunement_web.families.models import Grant, Kind
from attunement_web.families.queries import waiting_for_a_yes

_NO_FAMILY = {"children": (), "child_seen": None}  # the frame shows no child of the reader's own beside somebody else's


@require_safe
def children(request: HttpRequest) -> HttpResponse:
    """The children shared with me, and invitations that wait for their family's yes."""
    grants = sorted(open_grants_of(request.user), key=lambda grant: (grant.child.name, str(grant.pk)))
    page = {"grants": grants, "waiting": waiting_for_a_yes(request.user)}
    return render(request, "caseload/children.html", page | _NO_FAMILY)


@require_safe
def child(request: HttpRequest, shared_id: UUID) -> HttpResponse:
    """What the consent covers, and the way to it."""
    grant = shared_child_or_404(request.user, shared_id, None)
    return _opened(request, grant, "page", "child", {})


@require_safe
def moments(request: HttpRequest, shared_id: UUID) -> HttpResponse:
    grant = shared_child_or_404(request.user, shared_id, Kind.MOMENTS)
    today = grant.child.today()
    found = queries.timeline(grant, after=AfterForm.asked(request.GET))
    page = {"timeline": found, "today": today, "yesterday": today - timedelta(days=1)}
    return _opened(request, grant, "moments", "moments", page)


@require_safe
def picture(request: HttpRequest, shared_id: UUID) -> HttpResponse:
    """What the moments add up to, with numbers where there are enough."""
    grant = shared_child_or_404(request.user, shared_id, Kind.MOMENTS)
    return _opened(request, grant, "picture", "picture", {"topics": queries.picture(grant)})


@require_safe
def milestones(request: HttpRequest, shared_id: UUID) -> HttpResponse:
    grant = shared_child_or_404(request.user, shared_id, Kind.MILESTONES)
    return _opened(request, grant, "milestones", "milestones", {"told": queries.milestones_told(grant)})


@require_safe
def recordings(request: HttpRequest, shared_id: UUID) -> HttpResponse:
    grant = shared_child_or_404(request.user, shared_id, Kind.RECORDINGS)
    return _opened(request, grant, "recordings", "recordings", {"recordings": queries.recordings(grant)})


@require_safe
def reports(request: HttpRequest, shared_id: UUID) -> HttpResponse:
    grant = shared_child_or_404(request.user, shared_id, Kind.REPORTS)
    page = {"recordings": queries.recordings(grant), "are_reports": True}
    return _opened(request, grant, "reports", "recordings", page)


@require_safe
def report(request: HttpRequest, shared_id: UUID, recording_id: UUID) -> HttpResponse:
    grant, kept = report_or_404(request.user, shared_id, recording_id)
    page = {"recording": kept, "sheet": sheet(kept, request.GET.get("session", ""))}
    return _opened(request, grant, "reports", "report", page, recording=kept.pk)


def _opened(
    request: HttpRequest, grant: Grant, opened: str, template: str, page: dict[str, Any], **facts: UUID
) -> HttpResponse:
    """Each page of a shared child goes through here: first the line in the ledger, then the page."""
    actions.note_opening(grant=grant, page=opened, by=request.user, **facts)
    shared = {
        "grant": grant,
        "shared": grant.child,
        "at": template,
        "covers": {k: grant.covers(k) for k in Kind.values},
    }
    return render(request, f"caseload/{template}.html", page | shared | _NO_FAMILY)
