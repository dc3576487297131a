"""After a backup was restored: what was ended since it was made would give rights again, so a guardian gives it anew."""

from __future__ import annotations

from django.db import transaction

from attunement_web.families.actions.consent import pause_access
from attunement_web.families.models import Grant, Invitation, State


@transaction.atomic
def hold_back_offers() -> dict[str, int]:
    """Every consent that gives rights is paused, and no link that waits opens anything; how many those were."""
    open_grants = list(Grant.objects.filter(state=State.CONFIRMED).values_list("pk", flat=True))
    paused = sum(pause_access(grant_id=grant, by=None) for grant in open_grants)
    links = [kind.objects.exclude(token_hash="").update(token_hash="", link_until=None) for kind in (Grant, Invitation)]
    return {"paused": paused, "links": sum(links)}
