"""Each line of the ledger is sealed to the one before it: nothing is changed, put in, taken out or cut unseen."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from soak.ledger import KINDS, PLANTS, tampered, unsealed
from tests.universe import Cast

from attunement_web.ledger.actions import line, record, record_all, write_checkpoint
from attunement_web.ledger.models import SITE, Chain, Entry
from attunement_web.ledger.queries import breaks

pytestmark = pytest.mark.django_db


def test_a_line_goes_on_the_chain_of_the_child_it_is_about(cast: Cast) -> None:
    before = Chain.objects.get(pk=cast.mia.pk).count
    record("moment.removed", about=cast.alice, by=cast.alice, child=cast.mia.pk)
    record("moments.kept", about=cast.mia, by=cast.alice, count=1)
    last = Entry.objects.filter(chain=cast.mia.pk).order_by("number").last()
    assert last is not None
    assert (last.number, last.event) == (before + 2, "moments.kept")
    assert Chain.objects.get(pk=cast.mia.pk).head == last.mac


def test_what_concerns_no_child_goes_on_the_family_s_chain_or_the_site_s(cast: Cast) -> None:
    assert Entry.objects.get(event="family.begun", about_id=cast.mia.family_id).chain == cast.mia.family_id
    assert set(Entry.objects.filter(event="person.created").values_list("chain", flat=True)) == {SITE}


def test_many_lines_cost_three_statements(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    children = [uuid.uuid4() for _ in range(5)]
    lines = [line("moments.kept", "families.child", child, cast.alice.pk, count=3) for child in children * 4]
    record_all(lines)  # the chains begin
    with django_assert_num_queries(3):
        record_all(lines)
    assert [Chain.objects.get(pk=child).count for child in children] == [8] * 5


def test_what_nobody_touched_is_whole(cast: Cast, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "checkpoint")
    record("moments.kept", about=cast.mia, by=cast.alice, count=1)
    assert list(breaks(tmp_path / "checkpoint")) == []


def test_a_thousand_tamperings_are_all_found(tmp_path: Path) -> None:
    tries = 1_000 if connection.vendor == "sqlite" else 100  # the seal is our own code, whatever keeps the rows
    assert tampered(tries, random.Random(20_261_122), tmp_path / "checkpoint") == {}


@pytest.mark.parametrize("plant", PLANTS)
def test_the_harness_sees_a_weaker_seal(plant: str, tmp_path: Path) -> None:
    missed = tampered(150, random.Random(7), tmp_path / "checkpoint", plant=plant)
    assert set(missed) & set(KINDS)


def test_a_checkpoint_that_was_written_by_hand_is_no_checkpoint(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    write_checkpoint(path)
    path.write_text(path.read_text().replace('",', '" ,', 1) + "[]")
    assert [found.what for found in breaks(path)] == ["checkpoint"]


def cut(chain: uuid.UUID, lines: int) -> None:
    """The last lines, and what says that there were more, so that the chain is whole in itself."""
    with unsealed():
        number = Chain.objects.get(pk=chain).count - lines
        Entry.objects.filter(chain=chain, number__gt=number).delete()
        last = Entry.objects.get(chain=chain, number=number)
        Chain.objects.filter(pk=chain).update(count=number, head=last.mac)


@pytest.mark.parametrize("more", [0, 1, 5, 9])
def test_a_tail_that_was_cut_is_not_forgotten_at_the_next_hour(cast: Cast, tmp_path: Path, more: int) -> None:
    path, mia = tmp_path / "checkpoint", cast.mia
    for _ in range(9):
        record("moments.kept", about=mia, by=cast.alice, count=1)
    assert write_checkpoint(path) == []
    cut(mia.pk, 5)
    for _ in range(more):  # life goes on
        record("moments.kept", about=mia, by=cast.alice, count=2)
    for _ in range(2):
        assert write_checkpoint(path) == [mia.pk]
        assert {found.chain for found in breaks(path)} == {mia.pk}


def test_the_other_chains_are_held_to_where_they_are_by_now(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    record("moments.kept", about=cast.mia, by=cast.alice, count=1)
    write_checkpoint(path)
    cut(cast.mia.pk, 1)
    record("moments.kept", about=cast.noah, by=cast.alice, count=1)
    assert write_checkpoint(path) == [cast.mia.pk]
    cut(cast.noah.pk, 1)
    assert {found.chain for found in breaks(path)} == {cast.mia.pk, cast.noah.pk}


def test_a_checkpoint_that_was_written_by_hand_is_not_replaced(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    path.write_text("00\n[]\n")
    assert write_checkpoint(path) == [SITE]
    assert path.read_text() == "00\n[]\n"


def test_the_checkpoint_is_for_its_owner_only(cast: Cast, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "checkpoint")
    assert (tmp_path / "checkpoint").stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [tmp_path / "checkpoint"]
