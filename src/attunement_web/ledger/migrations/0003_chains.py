"""Each line is sealed to the one before it; lines from before are sealed now, in the order in which they were written."""

import importlib
import uuid

from django.db import migrations, models

from attunement_web.ledger.models import SITE, seal

append_only = importlib.import_module("attunement_web.ledger.migrations.0002_append_only")
FIELDS = ("id", "at", "event", "about_kind", "about_id", "by_id", "facts")


def chain_of(entry):
    """As `ledger.actions.Line.chain` says it."""
    for kind, name in (("families.child", "child"), ("families.family", "family")):
        if entry.about_kind == kind:
            return entry.about_id
        if name in entry.facts:
            return uuid.UUID(str(entry.facts[name]))
    return SITE


def seal_all(apps, schema_editor):
    Entry, Chain = apps.get_model("ledger", "Entry"), apps.get_model("ledger", "Chain")
    ends = {}
    for entry in Entry.objects.order_by("at", "id").iterator(chunk_size=2_000):
        entry.chain = chain_of(entry)
        count, head = ends.get(entry.chain, (0, ""))
        entry.number = count + 1
        fields = {name: getattr(entry, name) for name in FIELDS}
        entry.mac = seal(head, **fields, chain=entry.chain, number=entry.number)
        ends[entry.chain] = entry.number, entry.mac
        entry.save(update_fields=["chain", "number", "mac"])
    Chain.objects.bulk_create(Chain(pk=chain, count=count, head=head) for chain, (count, head) in ends.items())


def nothing(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [
        migrations.RunPython(append_only.unseal, append_only.seal),
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("count", models.PositiveBigIntegerField(default=0)),
                ("head", models.CharField(blank=True, default="", max_length=64)),
            ],
        ),
        migrations.AddField("entry", "chain", models.UUIDField(default=SITE)),
        migrations.AddField("entry", "number", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("entry", "mac", models.CharField(default="", max_length=64)),
        migrations.RunPython(seal_all, nothing),
        migrations.AddConstraint(
            "entry", models.UniqueConstraint(fields=("chain", "number"), name="ledger_one_place_each")
        ),
        migrations.RunPython(append_only.seal, append_only.unseal),
    ]
