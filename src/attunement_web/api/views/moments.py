"""Plain noting for other programs: moments of one child, noted, read, changed and taken away."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Status

from attunement_web.api import queries
from attunement_web.api.access import child_or_404, moment_or_404
from attunement_web.api.actions import note_once
from attunement_web.api.forms.moments import MOST_AT_ONCE, Changes, NewMoment, TheirMoments, Told
from attunement_web.api.forms.parts import DAY
from attunement_web.api.views.rules import READ, WRITE, Asked, answers
from attunement_web.api.views.trouble import Gone
from attunement_web.diary import actions

MOMENTS, MOMENT = "/children/{uuid:child}/moments", "/children/{uuid:child}/moments/{uuid:moment}"
router = Router(tags=["moments"])


@router.post(MOMENTS, auth=WRITE, response=answers(400, 410, 413, 422, _200=Told, _201=Told))
def note_moment(request: Asked, child: UUID, new: NewMoment) -> Status[Any]:
    """Note a moment. 201: it is kept now; 200: the same id was kept before and is left as it is."""
    theirs = child_or_404(request.auth, child, to="write")
    tap = new.tap(theirs)
    kept, is_new = note_once(child=theirs, tap=tap, by=request.auth.person)
    if kept is None:
        raise Http404
    if kept.removed_at is not None:
        raise Gone
    return Status(201 if is_new else 200, Told.of(kept))


@router.get(MOMENTS, auth=READ, response=answers(422, _200=TheirMoments))
def list_moments(
    request: Asked,
    child: UUID,
    before: UUID | None = None,
    first_day: DAY | None = None,
    last_day: DAY | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = 50,
) -> dict[str, Any]:
    """Moments of a child, newest first, as many as `limit`; go on with `before`."""
    theirs = child_or_404(request.auth, child)
    found, following = queries.moments_of(theirs, before=before, first_day=first_day, last_day=last_day, limit=limit)
    return {"moments": [Told.of(moment) for moment in found], "next": following}


@router.get(MOMENT, auth=READ, response=answers(_200=Told))
def read_moment(request: Asked, child: UUID, moment: UUID) -> dict[str, Any]:
    """One moment."""
    return Told.of(moment_or_404(request.auth, child, moment))


@router.patch(MOMENT, auth=WRITE, response=answers(400, 413, 422, _200=Told))
def change_moment(request: Asked, child: UUID, moment: UUID, changes: Changes) -> dict[str, Any]:
    """Change only the fields given; what somebody else set meanwhile is kept as another version."""
    found = moment_or_404(request.auth, child, moment, to="write")
    fields = changes.fields(found.child)
    actions.change_moment(moment=found, by=request.auth.person, base=changes.base, **fields)
    return Told.of(moment_or_404(request.auth, child, moment))


@router.api_operation(["DELETE"], MOMENT, auth=WRITE, response=answers(_204=None))
def take_away_moment(request: Asked, child: UUID, moment: UUID) -> Status[None]:
    """Out of sight at once; for 30 days it can be brought back on its page."""
    found = moment_or_404(request.auth, child, moment, to="write")
    actions.remove_moment(moment=found, by=request.auth.person)
    return Status(204, None)
