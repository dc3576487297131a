"""An offer: something for one e-mail address, by a link that is told once. A consent is one, an invitation another."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LINK_LASTS = timedelta(hours=72)
_TOKEN_BYTES = 16  # 128 bits
_Offered = TypeVar("_Offered", bound="Offer")


class State(models.TextChoices):
    """Where an offer stands. That it ran out is never stored: it follows from the clock, at each request."""

    INVITED = "invited", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Waiting for your yes")
    CONFIRMED = "confirmed", _("May look now")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


NAMELESS = (State.INVITED, State.ENDED)  # the only states without somebody who said yes


class OfferQuerySet(models.QuerySet[_Offered]):
    """Chooses offers; the clock is asked each time."""

    def opened_by(self, token: str, now: datetime | None = None) -> Self:
        """The one that this link opens: nobody answered it yet, and its three days are not over."""
        fresh = self.filter(state=State.INVITED, link_until__gt=now or timezone.now())
        return fresh.filter(token_hash=Offer.hash_of(token))

    def meant_for(self, address: str | None) -> Self:
        return self.filter(email=address or "")


class Offer(models.Model):
    """The token is kept as a hash, and only until it is used; the one who gave it is asked before it counts."""

    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    called = models.CharField(max_length=80)  # what the family calls this person
    email = models.EmailField()  # the link is for this address alone
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="%(class)ss_received"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.INVITED)
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    token_hash = models.CharField(max_length=64, blank=True)  # empty: no link opens it
    link_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="%(class)s_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=NAMELESS) | Q(person__isnull=False), name="%(class)s_rights_have_a_person"
            ),
            models.CheckConstraint(
                condition=Q(token_hash="") | Q(state=State.INVITED), name="%(class)s_link_only_while_invited"
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="one_%(class)s_a_link"),
        ]

    @staticmethod
    def hash_of(token: str) -> str:
        """SHA-256 suffices: the token is 128 random bits, not a password."""
        return hashlib.sha256(token.encode()).hexdigest()

    def make_link(self) -> str:
        """A new token, told this once; the one before opens nothing. The row is still to be saved."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self.token_hash, self.link_until = self.hash_of(token), timezone.now() + LINK_LASTS
        return token

    def move_to(self, state: State) -> None:
        """Whatever the next state is, no link opens it any more."""
        self.state, self.token_hash, self.link_until = state, "", None
        self.save(update_fields=["state", "person", "token_hash", "link_until"])

    @property
    def link_is_over(self) -> bool:
        return self.state == State.INVITED and (self.link_until is None or self.link_until <= timezone.now())
