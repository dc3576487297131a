"""A fixed cast for every test of the site, made only through actions.

Alice is the guardian of Mia (three months) and Noah (born eight weeks early, 170 days ago);
Bob is their second guardian, Ruth their grandmother, who notes; Charlie is a stranger with a family of his own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from attunement_web.accounts.actions import create_person
from attunement_web.accounts.models import User
from attunement_web.families.actions import add_child, begin_family, join_child
from attunement_web.families.models import Child, Family, Role, Shape

ZONE = "Europe/Madrid"
PASSWORD = "a lamp in the kitchen"


@dataclass(frozen=True, slots=True)
class Cast:
    today: date
    alice: User
    bob: User
    ruth: User
    charlie: User
    family: Family
    mia: Child
    noah: Child
    strangers_child: Child


def make_cast(today: date) -> Cast:
    """Everyone, with ages as they are on `today` (in the family's time zone)."""
    alice = create_person(name="Alice", email="alice@example.org", password=PASSWORD, by=None)
    bob, ruth, charlie = (
        create_person(name=name, email=f"{name.lower()}@example.org", by=None) for name in ("Bob", "Ruth", "Charlie")
    )
    mia = begin_family(
        time_zone=ZONE, child_name="Mia", born=today - timedelta(days=95), shape=Shape.MOON, name="Home", by=alice
    )
    noah = add_child(
        family=mia.family,
        name="Noah",
        born=today - timedelta(days=170),
        gestation_weeks=32,
        shape=Shape.LEAF,
        by=alice,
    )
    for child in (mia, noah):
        join_child(child=child, person=bob, role=Role.GUARDIAN, by=alice)
        join_child(child=child, person=ruth, role=Role.RELATIVE, by=alice)
    theirs = begin_family(time_zone=ZONE, child_name="Zoe", born=today - timedelta(days=300), by=charlie)
    return Cast(today, alice, bob, ruth, charlie, mia.family, mia, noah, theirs)
