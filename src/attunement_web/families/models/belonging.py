"""A family, its children, and who has which part in each of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attunement_web.guarded import Guarded

FEWEST_WEEKS, MOST_WEEKS = 20, 44  # completed weeks of pregnancy a living child can be born at


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("We do not know this time zone: %(name)s"), params={"name": name})


class Family(models.Model):
    """The circle that a record lives in. Its days begin at midnight in its own time zone. Nobody belongs to it but by
    a part in one of its children.

    `revision` counts the changes to its moments; whoever is about to write holds this row until the commit, so that
    revisions are seen in order. `history` is another one after a backup was restored: phones then read afresh.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ("name", "time_zone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[check_time_zone])
    since = models.DateTimeField(default=timezone.now, editable=False)
    revision = models.PositiveBigIntegerField(default=0, editable=False)
    history = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = Guarded()

    class Meta:
        verbose_name_plural = "families"

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, now: datetime | None = None) -> date:
        """The family's own calendar day at `now` (default: this moment)."""
        return timezone.localdate(now, self.zone)


class Shape(models.TextChoices):
    """The picture beside a child's name, so that brothers and sisters are never mixed up."""

    MOON = "moon", _("moon")
    LEAF = "leaf", _("leaf")
    STAR = "star", _("star")
    DROP = "drop", _("drop")
    SUN = "sun", _("sun")
    HEART = "heart", _("heart")


class Child(models.Model):
    """A child, from birth to three. While `closed_at` is set, a week of erasing runs and nobody opens the record."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("name", "born", "gestation_weeks", "shape")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="children")
    name = models.CharField(_("name"), max_length=80)
    born = models.DateField(_("birthday"))
    gestation_weeks = models.PositiveSmallIntegerField(_("weeks of pregnancy"), null=True, blank=True)
    shape = models.CharField(_("picture"), max_length=8, choices=Shape.choices, default=Shape.MOON)
    since = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = Guarded()

    class Meta:
        ordering: ClassVar = ["born", "name", "id"]
        verbose_name_plural = "children"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(gestation_weeks=None)
                | models.Q(gestation_weeks__gte=FEWEST_WEEKS, gestation_weeks__lte=MOST_WEEKS),
                name="child_weeks_of_pregnancy",
            ),
            models.CheckConstraint(condition=models.Q(shape__in=Shape.values), name="child_shape_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return self.family.zone

    def today(self, now: datetime | None = None) -> date:
        return self.family.today(now)


class Role(models.TextChoices):
    """A guardian decides who belongs; a caregiver notes, sees and changes; a relative notes only."""

    GUARDIAN = "guardian", _("parent or guardian")
    CAREGIVER = "caregiver", _("caregiver")
    RELATIVE = "relative", _("relative")


class Membership(models.Model):
    """One person's part in one child. It gives rights at once, so it is there only for those who are confirmed."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("role",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    since = models.DateTimeField(default=timezone.now, editable=False)

    objects = Guarded()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "user"], name="one_part_in_each_child"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"
