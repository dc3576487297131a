"""A grant: a guardian lets one named practitioner see some kinds of one child's record, for a purpose, until a day."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attunement_web.families.models.belonging import Child
from attunement_web.families.models.offer import Offer, OfferQuerySet, State
from attunement_web.guarded import Guarded

LONGEST = timedelta(days=366)  # twelve months, also over a 29th of February, to the end of that day
USUALLY = timedelta(days=183)
MOST_PURPOSE = 200  # characters of own text


class Kind(models.TextChoices):
    """What of a record may be shared. Without `WORDS` there are codes and times only, whatever else is shared."""

    MOMENTS = "moments", _("Moments, and what they add up to")
    WORDS = "words", _("What people wrote, and names")
    MILESTONES = "milestones", _("Milestones that the family told")
    RECORDINGS = "recordings", _("The list of coded recordings")
    REPORTS = "reports", _("Reports of coded recordings")


class GrantQuerySet(OfferQuerySet["Grant"]):
    """Chooses grants; the clock is asked each time."""

    def opened_by(self, token: str, now: datetime | None = None) -> Self:
        now = now or timezone.now()
        return super().opened_by(token, now).filter(until__gt=now, child__closed_at=None)

    def giving_rights(self, now: datetime | None = None) -> GrantQuerySet:
        """The one rule: confirmed, not past its day, a record that is not closed, a person who may still sign in."""
        open_ones = self.filter(state=State.CONFIRMED, until__gt=now or timezone.now())
        return open_ones.filter(child__closed_at=None, person__is_active=True)


class Grant(Offer):
    """Access to one child for one person."""

    PERSONAL: ClassVar[tuple[str, ...]] = (
        "given_by", "called", "email", "person", "kinds", "purpose", "until", "state", "given_at",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="grants")
    kinds = models.JSONField(default=list)
    purpose = models.CharField(max_length=MOST_PURPOSE)
    until = models.DateTimeField()  # the end of the last day, on the family's clock

    objects = Guarded.from_queryset(GrantQuerySet)()

    class Meta:
        constraints: ClassVar = [
            *Offer.Meta.constraints,
            models.UniqueConstraint(
                fields=["child", "email"], condition=~Q(state=State.ENDED), name="one_open_grant_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"

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
    def last_day(self) -> datetime:
        """The last day on which it holds, on the family's clock."""
        return (self.until - timedelta(seconds=1)).astimezone(self.child.zone)

    @property
    def kind_names(self) -> list[str]:
        return [str(label) for value, label in Kind.choices if value in self.kinds]
