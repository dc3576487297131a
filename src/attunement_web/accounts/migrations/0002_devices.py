"""Sessions say whose they are; whoever is signed in stays so."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations, models
from django.utils import timezone


def keep_signed_in(apps, schema_editor):
    store, now = SessionStore(), timezone.now()
    people = {person.hex for person in apps.get_model("accounts", "User").objects.values_list("pk", flat=True)}
    kept = []
    for session in apps.get_model("sessions", "Session").objects.filter(expire_date__gt=now).iterator():
        data = store.decode(session.session_data)
        person = str(data.get(SESSION_KEY, "")).replace("-", "")
        if person not in people:
            continue
        device = uuid.uuid4()
        data |= {
            "device_id": device.hex,
            "device": {"browser": "", "since": now.timestamp(), "seen": now.timestamp(), "proof": 0, "strong": False},
        }
        kept.append(
            apps.get_model("accounts", "Device")(
                id=device, session_key=session.session_key, session_data=store.encode(data), since=now, seen_at=now,
                expire_date=session.expire_date, person_id=uuid.UUID(person),
            )
        )
    apps.get_model("accounts", "Device").objects.bulk_create(kept, batch_size=500)
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("sessions", "0001_initial")]
    operations = [
        migrations.AddField("User", "is_practitioner", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("session_data", models.TextField()),
                ("expire_date", models.DateTimeField(db_index=True)),
                ("browser", models.CharField(blank=True, max_length=40)),
                ("since", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="signed_in_on",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(keep_signed_in, migrations.RunPython.noop),
    ]
