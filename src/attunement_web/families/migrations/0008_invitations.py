"""Invitations to have a part in children; a link that is told once is now shared by them and by grants."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("invited", "Waiting for an answer"),
    ("accepted", "Waiting for your yes"),
    ("confirmed", "May look now"),
    ("paused", "Paused"),
    ("ended", "Ended"),
]
ROLES = [("guardian", "parent or guardian"), ("caregiver", "caregiver"), ("relative", "relative")]


def somebody() -> models.ForeignKey:
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="%(class)ss_received",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0007_nobody_belongs_to_a_family"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(model_name="grant", name="person", field=somebody()),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("called", models.CharField(max_length=80)),
                ("email", models.EmailField(max_length=254)),
                ("state", models.CharField(choices=STATES, default="invited", max_length=9)),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("link_until", models.DateTimeField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("role", models.CharField(choices=ROLES, max_length=16)),
                ("children", models.ManyToManyField(related_name="invitations", to="families.child")),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("person", somebody()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=[value for value, _ in STATES]), name="invitation_state_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=("invited", "ended")) | Q(person__isnull=False),
                        name="invitation_rights_have_a_person",
                    ),
                    models.CheckConstraint(
                        condition=Q(token_hash="") | Q(state="invited"), name="invitation_link_only_while_invited"
                    ),
                    models.UniqueConstraint(
                        fields=("token_hash",), condition=~Q(token_hash=""), name="one_invitation_a_link"
                    ),
                    models.CheckConstraint(
                        condition=Q(role__in=[value for value, _ in ROLES]), name="invitation_role_known"
                    ),
                ]
            },
        ),
    ]
