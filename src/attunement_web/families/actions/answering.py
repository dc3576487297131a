"""Saying yes to a link, whichever kind of offer it opens."""

from __future__ import annotations

from django.db import transaction

from attunement_web.accounts.actions import create_person
from attunement_web.accounts.models import User
from attunement_web.families.actions.consent import accept_access
from attunement_web.families.actions.people import accept_part
from attunement_web.families.models import Offer


@transaction.atomic
def accept_offer(*, token: str, by: User) -> Offer | None:
    """The link is used up, and the one who gave it is asked. None: it opens nothing, or nothing for this person."""
    return accept_access(token=token, by=by) or accept_part(token=token, by=by)


@transaction.atomic
def join_and_accept(*, token: str, email: str, name: str, password: str) -> Offer | None:
    """The same for somebody new here: her account, with the link's address, and her yes in one."""
    person = create_person(name=name, email=email, password=password, by=None)
    offer = accept_offer(token=token, by=person)
    if offer is None:
        transaction.set_rollback(True)
    return offer
