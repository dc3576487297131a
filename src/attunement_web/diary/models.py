"""A moment that somebody chose to note: what the child did, what followed, how it ended."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import datetime, timedelta
from datetime import timezone as fixed_zone
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attunement_web.families.models import Child
from attunement_web.guarded import Guarded

FARTHEST_OFFSET = 14 * 60  # minutes; the widest clock on earth is UTC+14
MOST_WORDS = 2_000  # characters of own text
MOST_ACTS = 12  # in one moment
WHEN_FIELDS = ("happened_at", "local_day", "zone", "offset_minutes", "precision")  # one thing, called "when"


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): milliseconds first, so that new rows lie side by side; never a secret."""
    stamp = time.time_ns() // 1_000_000
    bits = (stamp << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    return uuid.UUID(int=bits)


class Precision(models.TextChoices):
    """How well the time is known: by the tap itself, by a clock time that was given, or roughly."""

    NOW = "now", _("just now")
    WHILE = "while", _("a little while ago")
    TODAY = "today", _("earlier today")
    DAY = "day", _("another day")
    CLOCK = "clock", _("at a time you gave")


CLOCKED = frozenset({Precision.NOW, Precision.WHILE, Precision.CLOCK})  # a clock time is known, and shown


class Asks(models.TextChoices):
    """What the signal asks for; `GOOD` is a good moment without a signal."""

    CONNECT = "connect", _("Being together")
    COMFORT = "comfort", _("Comfort")
    BREAK = "break", _("A break")
    EXPLORE = "explore", _("Exploring")
    ANY = "any", _("Other")
    GOOD = "good", _("Good moments")


class Feeling(models.TextChoices):
    """A caregiver's best guess, in plain words; a guess is all it is."""

    HAPPY = "happy", _("Happy")
    CALM = "calm", _("Calm")
    CURIOUS = "curious", _("Curious")
    TIRED = "tired", _("Tired")
    HUNGRY = "hungry", _("Hungry")
    SAD = "sad", _("Sad")
    SCARED = "scared", _("Scared")
    CROSS = "cross", _("Cross")
    HURTING = "hurting", _("Hurting")
    TOO_MUCH = "too-much", _("It was too much")


class MomentQuerySet(models.QuerySet["Moment"]):
    """Chooses moments; nothing removed is ever among the `live` ones."""

    def live(self) -> MomentQuerySet:
        return self.filter(removed_at=None)

    def newest_first(self) -> MomentQuerySet:
        return self.order_by("-local_day", "-happened_at", "-id")


class Moment(models.Model):
    """One noted moment. Its id is made where it was tapped, so that sending it twice keeps one.

    The family's day (`local_day`) and clock (`zone`, `offset_minutes`) are fixed when it is noted: a journey or a
    change of the clocks moves nothing afterwards. `revision` is the family's, taken anew with each change; no two
    moments of a family share one. `field_revisions` says of each field changed after noting when, by which phone
    (empty: by a page) and by whom.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = (
        "noted_by", "noted_at", "happened_at", "local_day", "zone", "offset_minutes", "precision", "signal", "asks",
        "acts", "outcome", "mended", "calm", "with_child", "feeling", "words", "removed_at", "changed_at",
        "clock_off_minutes",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # No index of their own: a child's moments are found by those below, nobody looks for a person's, and a phone waits
    # while each is kept up to date.
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="moments", db_index=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    happened_at = models.DateTimeField()
    local_day = models.DateField()
    zone = models.CharField(max_length=64)
    offset_minutes = models.SmallIntegerField()
    precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.NOW)
    signal = models.CharField(max_length=40, blank=True)  # a code of the scheme; empty: just a good moment
    asks = models.CharField(max_length=8, choices=Asks.choices)  # follows from `signal`; here for the filter's index
    acts = models.JSONField(default=list, blank=True)  # codes, in the order they were chosen
    outcome = models.CharField(max_length=40, blank=True)
    mended = models.BooleanField(null=True)  # found each other again: yes, not yet, not said
    calm = models.PositiveSmallIntegerField(null=True)  # which of the library's CALM_BINS
    with_child = models.CharField(max_length=80, blank=True)
    feeling = models.CharField(max_length=16, choices=Feeling.choices, blank=True)
    words = models.TextField(max_length=MOST_WORDS, blank=True)
    removed_at = models.DateTimeField(null=True)
    revision = models.PositiveBigIntegerField(default=1)
    field_revisions = models.JSONField(default=dict, blank=True)  # {"words": [7, "<phone>", "<person>"]}
    clock_off_minutes = models.IntegerField(null=True)  # how far the phone's clock was ahead of ours, when it was far
    changed_at = models.DateTimeField(default=timezone.now)

    objects = Guarded.from_queryset(MomentQuerySet)()

    class Meta:
        indexes: ClassVar = [
            models.Index("child", F("local_day").desc(), F("happened_at").desc(), name="diary_by_day"),
            models.Index("child", "asks", F("local_day").desc(), F("happened_at").desc(), name="diary_by_asks"),
            models.Index(fields=["child", "signal", "local_day"], name="diary_by_signal"),
            models.Index(fields=["child", "revision"], name="diary_by_revision"),
            models.Index(fields=["removed_at"], condition=~Q(removed_at=None), name="diary_removed"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(calm=None) | Q(calm__lte=3), name="moment_calm_in_four_bins"),
            models.CheckConstraint(condition=Q(precision__in=Precision.values), name="moment_precision_known"),
            models.CheckConstraint(condition=Q(asks__in=Asks.values), name="moment_asks_known"),
            models.CheckConstraint(
                condition=Q(signal="", asks=Asks.GOOD) | (~Q(signal="") & ~Q(asks=Asks.GOOD)),
                name="moment_good_has_no_signal",
            ),
            models.CheckConstraint(
                condition=Q(offset_minutes__gte=-FARTHEST_OFFSET, offset_minutes__lte=FARTHEST_OFFSET),
                name="moment_offset_on_earth",
            ),
            models.CheckConstraint(condition=Q(feeling__in=["", *Feeling.values]), name="moment_feeling_known"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="moment_revision_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"moment {self.pk}"

    @property
    def local_time(self) -> datetime:
        """When it happened, as the family's wall clock showed it then (without a zone, so that no page moves it)."""
        return self.happened_at.astimezone(fixed_zone(timedelta(minutes=self.offset_minutes))).replace(tzinfo=None)

    def acts_with(self, act: str) -> list[str]:
        """After a tap on `act`: it takes the place of a single one; beside several it is one more."""
        if act in self.acts:
            return list(self.acts)
        return [act] if len(self.acts) < 2 else [*self.acts, act][-MOST_ACTS:]

    @property
    def clock_is_known(self) -> bool:
        return self.precision in {Precision.NOW, Precision.WHILE, Precision.CLOCK}


class OtherVersion(models.Model):
    """What a field of a moment held before somebody, who had not seen it, set it to something else.

    Both are shown until somebody decides.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ("field", "value", "by", "kept_at", "decided_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="others")
    field = models.CharField(max_length=16)  # of the moment; "when" stands for its five fields of time
    value = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveBigIntegerField()  # at which this value was set; 0: it was noted so
    kept_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True)

    objects = Guarded()

    def __str__(self) -> str:
        return f"other {self.field} of {self.moment_id}"


def value_of(moment: Any, name: str) -> Any:
    """What a field holds, by the name under which two versions of it meet; of a row, or of its plain value."""
    if name == "when":
        return tuple(getattr(moment, part) for part in WHEN_FIELDS)
    return getattr(moment, "child_id" if name == "child" else name)


def as_json(name: str, value: Any) -> Any:
    """The value of a field as it is kept beside the moment, and as phones get it."""
    if name == "when":
        at, day, *rest = value
        return dict(zip(WHEN_FIELDS, (at.isoformat(), day.isoformat(), *rest), strict=True))
    return str(value) if isinstance(value, uuid.UUID) else value


class DaySummary(models.Model):
    """A child's day in one row: what its pages count and draw, so that a long history costs no more than a short one.

    `noted` has a line for each thing noted, in order: whole minutes since the day began (as UTC counts it, so that no
    change of the clocks disturbs the order), how many were alike, and `["signal", ["act"], "outcome", mended, calm]`.
    Only `actions.tallying` writes it, in the transaction that writes the moments; a day without notes has no row.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ("local_day", "noted")

    pk = models.CompositePrimaryKey("child", "local_day")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="days", db_index=False)
    local_day = models.DateField()
    noted = models.TextField()

    objects = Guarded()

    def __str__(self) -> str:
        return f"{self.local_day} of {self.child_id}"
