"""A grant: a guardian lets one named practitioner see some kinds of one child's record, for a purpose, until a day."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attunement_web.families.models.belonging import Child

LINK_LASTS = timedelta(hours=72)
LONGEST = timedelta(days=366)  # twelve months, also over a 29th of February, to the end of that day
USUALLY = timedelta(days=183)
MOST_PURPOSE = 200  # characters of own text


class Kind(models.TextChoices):
    """What of a record may be shared. Without `WORDS` there are codes and times only, whatever else is shared."""

    MOMENTS = "moments", _("Moments, and what they add up to")
    WORDS = "words", _("What people wrote, and names")
    MILESTONES = "milestones", _("Milestones you told")
    RECORDINGS = "recordings", _("The list of coded recordings")
    REPORTS = "reports", _("Reports of coded recordings")


class State(models.TextChoices):
    """Where a grant stands. That it ran out is never stored: it follows from `until`, at each request."""

    INVITED = "invited", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Waiting for your yes")
    CONFIRMED = "confirmed", _("May look now")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


NAMELESS = (State.INVITED, State.ENDED)  # the only states without somebody who said yes


class GrantQuerySet(models.QuerySet["Grant"]):
    """Chooses grants; the clock is asked each time."""

    def giving_rights(self, now: datetime | None = None) -> GrantQuerySet:
        """The one rule: confirmed, not past its day, a record that is not closed, a person who may still sign in."""
        open_ones = self.filter(state=State.CONFIRMED, until__gt=now or timezone.now())
        return open_ones.filter(child__closed_at=None, person__is_active=True)


class Grant(models.Model):
    """Access to one child for one person. The invitation's token is kept as a hash, and only until it is used."""

    PERSONAL: ClassVar[tuple[str, ...]] = (
        "given_by", "called", "email", "person", "kinds", "purpose", "until", "state", "given_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="grants")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    called = models.CharField(max_length=80)  # what the family calls this practitioner
    email = models.EmailField()  # the invitation is for this address alone
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="grants_received"
    )
    kinds = models.JSONField(default=list)
    purpose = models.CharField(max_length=MOST_PURPOSE)
    until = models.DateTimeField()  # the end of the last day, on the family's clock
    state = models.CharField(max_length=9, choices=State.choices, default=State.INVITED)
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    token_hash = models.CharField(max_length=64, blank=True)  # empty: no link opens it
    link_until = models.DateTimeField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="grant_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=NAMELESS) | Q(person__isnull=False), name="grant_rights_have_a_person"
            ),
            models.CheckConstraint(
                condition=Q(token_hash="") | Q(state=State.INVITED), name="grant_link_only_while_invited"
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="one_grant_a_link"),
            models.UniqueConstraint(
                fields=["child", "email"], condition=~Q(state=State.ENDED), name="one_open_grant_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"

    @staticmethod
    def hash_of(token: str) -> str:
        """SHA-256 suffices: the token is 128 random bits, not a password."""
        return hashlib.sha256(token.encode()).hexdigest()

    def covers(self, kind: str) -> bool:
        """A report holds names from its recording, so it takes both."""
        return kind in self.kinds and (kind != Kind.REPORTS or Kind.WORDS in self.kinds)

    @property
    def with_words(self) -> bool:
        return Kind.WORDS in self.kinds

    @property
    def has_run_out(self) -> bool:
        return self.state != State.ENDED and self.until <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether there is anything left to pause, confirm or end."""
        return self.state != State.ENDED and not self.has_run_out

    @property
    def link_is_over(self) -> bool:
        return self.state == State.INVITED and (self.link_until is None or self.link_until <= timezone.now())

    @property
    def last_day(self) -> datetime:
        """The last day on which it holds, on the family's clock."""
        return (self.until - timedelta(seconds=1)).astimezone(self.child.zone)

    @property
    def kind_names(self) -> list[str]:
        return [str(label) for value, label in Kind.choices if value in self.kinds]
