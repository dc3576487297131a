"""To whom a family gave access to one child: grants, their states guarded by the database."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("invited", "Waiting for an answer"),
    ("accepted", "Waiting for your yes"),
    ("confirmed", "May look now"),
    ("paused", "Paused"),
    ("ended", "Ended"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0002_revisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("called", models.CharField(max_length=80)),
                ("email", models.EmailField(max_length=254)),
                ("kinds", models.JSONField(default=list)),
                ("purpose", models.CharField(max_length=200)),
                ("until", models.DateTimeField()),
                ("state", models.CharField(choices=STATES, default="invited", max_length=9)),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("link_until", models.DateTimeField(null=True)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="families.child"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants_received",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["invited", "accepted", "confirmed", "paused", "ended"])),
                        name="grant_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("invited", "ended")), ("person__isnull", False), _connector="OR"
                        ),
                        name="grant_rights_have_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("token_hash", ""), ("state", "invited"), _connector="OR"),
                        name="grant_link_only_while_invited",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("token_hash", ""), _negated=True),
                        fields=("token_hash",),
                        name="one_grant_a_link",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=("child", "email"),
                        name="one_open_grant_an_address",
                    ),
                ],
            },
        ),
    ]
