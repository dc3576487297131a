"""For the phone's offline part: push what waits, pull what changed, who is here."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from ninja import Query, Router

from attunement_web.api.forms.answers import TheirChanges
from attunement_web.api.forms.phone import FARTHEST_DAYS, MOST_CHANGES, Me, NewPush, Pushed
from attunement_web.api.views.rules import READ, WRITE, Asked, answers
from attunement_web.api.views.together import committer
from attunement_web.api.views.trouble import as_json
from attunement_web.sync import queries
from attunement_web.sync.actions import Push

router = Router(tags=["phone"])


@router.post("/push", auth=WRITE, response=answers(400, 413, 415, 422, _200=Pushed))
def push(request: Asked, new: NewPush) -> HttpResponse:
    """Keep what waits on a phone, each operation once, in its order. The answer comes when all of it is on the disk.

    The body may come packed, with `Content-Encoding: gzip`: up to 1 MiB unpacked.
    """
    caller = request.auth
    reply = committer.push(Push(new.device, caller.person.pk, new.sent_at, new.operations, caller.only_child))
    if not reply.found:
        raise Http404
    return as_json(reply.as_json())


@router.get("/families/{uuid:family}/changes", auth=READ, response=answers(422, _200=TheirChanges))
def changes(
    request: Asked,
    family: UUID,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_CHANGES)] = MOST_CHANGES,
    days: Annotated[int | None, Query(ge=1, le=FARTHEST_DAYS)] = None,
) -> HttpResponse:
    """Every moment that changed after this cursor, in the order of the changes; from 0 with `days` only so many days."""
    caller = request.auth
    if not caller.is_of(family):
        raise Http404
    page = queries.changes(caller.person.pk, family, after=after, limit=limit, days=days, child=caller.only_child)
    return as_json(page)


@router.get("/me", auth=READ, response=answers(_200=Me))
def me(request: Asked) -> dict[str, Any]:
    """Who is here, and about which children."""
    caller = request.auth
    told = queries.me(caller.person.pk, child=caller.only_child)
    return told | {"csrf": "" if caller.token else get_token(request)}
