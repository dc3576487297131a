"""The database refuses to change or remove a line of the ledger, whoever asks."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger_entry
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger_entry
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
]
SQLITE_BACK = ["DROP TRIGGER ledger_no_update", "DROP TRIGGER ledger_no_delete"]

POSTGRESQL = [
    """CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
    """CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger_entry
       FOR EACH ROW EXECUTE FUNCTION ledger_append_only()""",
    """CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger_entry
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER ledger_no_truncate ON ledger_entry",
    "DROP TRIGGER ledger_no_change ON ledger_entry",
    "DROP FUNCTION ledger_append_only()",
]


def seal(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unseal(apps, schema_editor):
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(seal, unseal)]
