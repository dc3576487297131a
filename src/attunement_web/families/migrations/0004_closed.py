"""A child's record is closed while a week of erasing runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0003_grants")]
    operations = [
        migrations.AddField(
            model_name="child", name="closed_at", field=models.DateTimeField(editable=False, null=True)
        )
    ]
