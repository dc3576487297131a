"""The ledger only grows, and holds no words."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from tests.universe import Cast

from attunement_web.accounts.actions import create_person
from attunement_web.ledger.actions import record
from attunement_web.ledger.models import Entry


def test_who_did_what_to_whom_with_counts(cast: Cast) -> None:
    record("moments.kept", about=cast.mia, by=cast.alice, count=3, device=cast.bob.pk)
    entry = Entry.objects.get(event="moments.kept")
    assert (entry.about_kind, entry.about_id, entry.by_id) == ("families.child", cast.mia.pk, cast.alice.pk)
    assert entry.facts == {"count": 3, "device": str(cast.bob.pk)}


@pytest.mark.parametrize("words", ["she smiled at me", "a" * 65, "", None, 1.5])
def test_it_refuses_what_reads_like_words(cast: Cast, words: object) -> None:
    with pytest.raises(ValueError, match="note"):
        record("moment.kept", about=cast.mia, by=cast.alice, note=words)  # type: ignore[arg-type]  # on purpose


def test_it_refuses_an_event_without_a_thing(cast: Cast) -> None:
    with pytest.raises(ValueError, match=r"moment\.kept"):
        record("Kept!", about=cast.mia, by=cast.alice)


def test_the_database_refuses_to_change_or_remove_a_line(cast: Cast) -> None:
    for change in (lambda: Entry.objects.update(event="x.y"), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert Entry.objects.exists()


def test_every_action_of_the_cast_left_its_line(cast: Cast) -> None:
    left = dict.fromkeys(Entry.objects.values_list("event", flat=True))
    assert set(left) == {"person.created", "family.begun", "membership.begun", "child.added"}
    assert not any(name in str(list(Entry.objects.values())) for name in ("Mia", "Alice", "example.org"))


@pytest.mark.django_db(transaction=True)
def test_a_table_emptied_after_a_live_server_is_sealed_again() -> None:
    call_command("flush", interactive=False, verbosity=0)
    person = create_person(name="Dora", by=None)
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.filter(about_id=person.pk).delete()
