"""One row a child and day with what pages count, filled from the moments that are there."""

import json
from collections import Counter
from datetime import date
from itertools import groupby

import django.db.models.deletion
from django.db import migrations, models

EPOCH = date(1970, 1, 1).toordinal()
ROWS = 2_000  # read, and written, at once


def fill(apps, schema_editor):
    """Written out here as it is in actions/tallying.py today, so that this step stays what it was."""
    moments = apps.get_model("diary", "Moment").objects.filter(removed_at=None).order_by("child_id", "local_day")
    summary = apps.get_model("diary", "DaySummary")
    waiting = []
    days = groupby(moments.iterator(ROWS), key=lambda moment: (moment.child_id, moment.local_day))
    for (child, day), noted in days:
        counts = Counter(map(entry, noted))
        text = "\n".join(f"{minute} {times} {shape}" for (minute, shape), times in sorted(counts.items()))
        waiting.append(summary(child_id=child, local_day=day, noted=text))
        if len(waiting) == ROWS:
            summary.objects.bulk_create(waiting)
            waiting = []
    summary.objects.bulk_create(waiting)


def entry(moment):
    began = (moment.local_day.toordinal() - EPOCH) * 24 * 60
    shape = [moment.signal, moment.acts, moment.outcome, moment.mended, moment.calm]
    return int(moment.happened_at.timestamp() // 60) - began, json.dumps(shape, separators=(",", ":"))


class Migration(migrations.Migration):
    dependencies = [("diary", "0003_numbered_by_family"), ("families", "0002_revisions")]
    operations = [
        migrations.CreateModel(
            name="DaySummary",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "child", "local_day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("local_day", models.DateField()),
                ("noted", models.TextField()),
                (
                    "child",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="families.child",
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
