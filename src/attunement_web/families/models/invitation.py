"""An invitation: a guardian asks somebody to have a part in one or more of the children whom she guards."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from attunement_web.families.models.belonging import Child, Membership, Role
from attunement_web.families.models.offer import Offer, OfferQuerySet, State
from attunement_web.guarded import Guarded

OPEN = (State.INVITED, State.ACCEPTED)


class InvitationQuerySet(OfferQuerySet["Invitation"]):
    """Chooses invitations; who guards a child is asked each time."""

    def opened_by(self, token: str, now: datetime | None = None) -> Self:
        return super().opened_by(token, now).standing()

    def standing(self) -> Self:
        """Whoever gave them still guards each child, and no record of these is closed."""
        guarded = Membership.objects.filter(
            child=OuterRef("pk"), user=OuterRef(OuterRef("given_by")), role=Role.GUARDIAN
        )
        others = Child.objects.filter(Q(closed_at__isnull=False) | ~Exists(guarded), invitations=OuterRef("pk"))
        return self.filter(~Exists(others))


class Invitation(Offer):
    """A part in children of one family, for one person. To say yes to it gives nothing; a confirmed one made parts."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("given_by", "called", "email", "person", "role", "state", "given_at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    children = models.ManyToManyField(Child, related_name="invitations")
    role = models.CharField(max_length=16, choices=Role.choices)

    objects = Guarded.from_queryset(InvitationQuerySet)()

    class Meta:
        constraints: ClassVar = [
            *Offer.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether there is anything left to confirm or to end; a confirmed one is a part now."""
        return self.state in OPEN
