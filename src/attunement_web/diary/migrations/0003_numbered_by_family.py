"""A moment's revision was its own count; from now on it is the family's, so the moments there are get one each."""

from django.db import migrations

NUMBER = """
    UPDATE diary_moment SET revision = numbered.place
    FROM (
        SELECT diary_moment.id AS id, row_number() OVER (
            PARTITION BY families_child.family_id ORDER BY diary_moment.changed_at, diary_moment.id
        ) AS place
        FROM diary_moment JOIN families_child ON families_child.id = diary_moment.child_id
    ) AS numbered
    WHERE numbered.id = diary_moment.id
"""
COUNT = """
    UPDATE families_family SET revision = (
        SELECT count(*) FROM diary_moment JOIN families_child ON families_child.id = diary_moment.child_id
        WHERE families_child.family_id = families_family.id
    )
"""


class Migration(migrations.Migration):
    dependencies = [("diary", "0002_revisions"), ("families", "0002_revisions")]
    operations = [
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
