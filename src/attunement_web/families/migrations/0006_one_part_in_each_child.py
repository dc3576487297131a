"""Who belonged to a family has the same part in each of its children.

The first child takes the row as it is; the others get ids that follow from it, as an old copy of the record gets them.
A family without a child has no record to belong to; who stood with it is told to the log, and the family stays.
There is no way back: it would give everybody each child of the family.
"""

import logging
from uuid import uuid5

from django.db import migrations

log = logging.getLogger("attunement")


def one_for_each_child(apps, schema_editor):
    Child, Membership = (apps.get_model("families", name) for name in ("Child", "Membership"))
    children = {}
    for child, family in Child.objects.order_by("pk").values_list("pk", "family_id"):
        children.setdefault(family, []).append(child)
    for membership in Membership.objects.filter(child=None).iterator():
        first, *others = children.get(membership.family_id, [None])
        if first is None:
            facts = {"family": str(membership.family_id), "person": str(membership.user_id), "role": membership.role}
            log.warning("membership.without_child", extra={"facts": facts})
            membership.delete()
            continue
        Membership.objects.filter(pk=membership.pk).update(child=first)
        Membership.objects.bulk_create(
            Membership(
                pk=uuid5(membership.pk, child.hex), family_id=membership.family_id, child_id=child,
                user_id=membership.user_id, role=membership.role, since=membership.since,
            )
            for child in others
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("families", "0005_a_child_to_belong_to")]
    operations = [migrations.RunPython(one_for_each_child)]
