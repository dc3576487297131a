"""PostgreSQL itself hides each row of a family from whoever acts for nobody in it, our own role included (docs/adr/0021).

Who acts is what the connection was told: `attunement.people`, or `attunement.everything`; told nothing, there are no
rows. A table that comes later is closed by a migration of its own, with `close`.
"""

from django.db import migrations


def looked_up(name, known, rows):
    """What is looked up lies behind policies itself, which would ask for it again: meanwhile everything is open."""
    return f"""CREATE FUNCTION attunement_{name}() RETURNS uuid[] LANGUAGE plpgsql STABLE AS
       $$ DECLARE known uuid[] := {known}; mine uuid[];
                  before text := coalesce(current_setting('attunement.everything', true), '');
          BEGIN
            PERFORM set_config('attunement.everything', 'on', true);
            mine := ARRAY({rows});
            PERFORM set_config('attunement.everything', before, true);
            RETURN mine;
          END $$"""


FUNCTIONS = [
    """CREATE FUNCTION attunement_everything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
       $$ SELECT coalesce(current_setting('attunement.everything', true), '') = 'on' $$""",
    """CREATE FUNCTION attunement_people() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
       $$ SELECT coalesce(nullif(current_setting('attunement.people', true), ''), '{}')::uuid[] $$""",
    looked_up(
        "children",
        "attunement_people()",
        """SELECT child_id FROM families_membership WHERE user_id = ANY (known)
           UNION SELECT child_id FROM families_grant
            WHERE person_id = ANY (known) AND state = 'confirmed' AND until > statement_timestamp()""",
    ),
    looked_up(
        "families",
        "attunement_children()",
        "SELECT DISTINCT family_id FROM families_child WHERE id = ANY (known)",
    ),
]
NAMES = ("families", "children", "people", "everything")


def among(column, what):
    """Within brackets of its own it is looked up once in a statement, and not for each row."""
    return f"{column} = ANY ((SELECT attunement_{what}())::uuid[])"


CHILD = among("child_id", "children")
ROWS = {
    "api_token": CHILD,
    "coding_recording": CHILD,
    "diary_daysummary": CHILD,
    "diary_moment": CHILD,
    "diary_otherversion": "EXISTS (SELECT FROM diary_moment WHERE diary_moment.id = moment_id)",
    "families_child": among("id", "children"),
    "families_family": among("id", "families"),
    "families_grant": f"{CHILD} OR {among('person_id', 'people')}",
    "families_invitation": f"{among('given_by_id', 'people')} OR {among('person_id', 'people')} OR EXISTS"
    " (SELECT FROM families_invitation_children AS of WHERE of.invitation_id = families_invitation.id)",
    "families_invitation_children": CHILD,
    "families_membership": f"{CHILD} OR {among('user_id', 'people')}",
    "ledger_entry": f"{among('chain', 'children')} OR {among('chain', 'families')}",
    "milestones_sighting": CHILD,
    "rights_earlierline": among("family_id", "families"),
    "rights_erasure": among("family_id", "families"),
    "sync_operation": "EXISTS (SELECT FROM sync_device AS phone"
    f" WHERE phone.id = device_id AND {among('phone.person_id', 'people')})"
    " OR EXISTS (SELECT FROM unnest((SELECT attunement_children())) AS child WHERE position(child::text IN text) > 0)",
}
# A line is added by whoever did something, also by who belongs no more; to read it back takes belonging.
LINES = "CREATE POLICY adding ON ledger_entry FOR INSERT WITH CHECK (true)"


def close(table, rows):
    """The statements that hide all rows of a table but these."""
    return [
        f"CREATE POLICY belonging ON {table} USING ((SELECT attunement_everything()) OR {rows})",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    ]


def open_again(table):
    return [
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY belonging ON {table}",
    ]


def close_all(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        closed = [statement for table, rows in ROWS.items() for statement in close(table, rows)]
        for statement in (*FUNCTIONS, *closed, LINES):
            schema_editor.execute(statement)


def open_all(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        opened = [statement for table in ROWS for statement in open_again(table)]
        gone = [f"DROP FUNCTION attunement_{name}()" for name in NAMES]
        for statement in ("DROP POLICY adding ON ledger_entry", *opened, *gone):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_tokens"),
        ("coding", "0001_recordings"),
        ("diary", "0005_fewer_indexes"),
        ("families", "0008_invitations"),
        ("ledger", "0003_chains"),
        ("milestones", "0001_sightings"),
        ("rights", "0001_asked_and_earlier"),
        ("sync", "0001_devices"),
    ]
    operations = [migrations.RunPython(close_all, open_all)]
