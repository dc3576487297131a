"""For the phone: all that noting takes with no network."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from attunement_web.api.access import child_or_404
from attunement_web.api.forms.answers import Kit
from attunement_web.api.views.rules import READ, Asked, answers
from attunement_web.api.views.trouble import as_json
from attunement_web.diary.access import only_by
from attunement_web.offline.queries import kit

router = Router(tags=["phone"])


@router.get("/children/{uuid:child}/kit", auth=READ, response=answers(_200=Kit), by_alias=True)
def their_kit(request: Asked, child: UUID) -> HttpResponse:
    """All that noting takes with no network: codes, words, what this family notes often, milestones, ideas, help."""
    theirs = child_or_404(request.auth, child, to="note")
    return as_json(kit(theirs, theirs.today(), by=only_by(theirs, request.auth.person)))
