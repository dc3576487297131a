"""A part is in a child, and nothing belongs to a family by itself."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0006_one_part_in_each_child")]
    operations = [
        migrations.RemoveField(model_name="family", name="people"),
        migrations.RemoveField(model_name="membership", name="family"),
        migrations.AlterField(
            model_name="membership",
            name="child",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="families.child"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("child", "user"), name="one_part_in_each_child"),
        ),
    ]
