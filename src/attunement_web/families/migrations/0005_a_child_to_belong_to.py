"""A membership names its child; which one follows in the next step."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0004_closed")]
    operations = [
        migrations.RemoveConstraint(model_name="membership", name="one_membership_each"),
        migrations.AddField(
            model_name="membership",
            name="child",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="families.child"
            ),
        ),
    ]
