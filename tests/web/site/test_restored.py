"""The first start after a restore: what was ended since the backup gives no rights, and the ledger goes on honestly."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from tests.consents import confirmed, doctor, invited
from tests.universe import Cast

from attunement_web.api.actions import make_token
from attunement_web.api.models import Token
from attunement_web.families import actions
from attunement_web.families.models import Grant, Invitation, Membership
from attunement_web.ledger.actions import record, write_checkpoint
from attunement_web.ledger.models import Entry
from attunement_web.ledger.queries import breaks
from attunement_web.site.keeping.restore import RESTORED, begin_afresh
from attunement_web.site.ledger import CHECKPOINT

pytestmark = pytest.mark.django_db
NIGHT = "2026-11-22T03:00:00+00:00"


def start_after_a_restore(data: Path) -> None:
    (data / RESTORED).write_text(NIGHT)
    begin_afresh(data)


def test_a_consent_waits_for_a_guardian_to_let_it_go_on(cast: Cast, tmp_path: Path) -> None:
    grant = confirmed(cast, doctor())
    start_after_a_restore(tmp_path)
    assert not Grant.objects.giving_rights().exists()
    assert Entry.objects.filter(chain=cast.mia.pk, event="grant.paused", about_id=grant.pk, by_id=None).exists()
    assert actions.resume_access(grant_id=grant.pk, by=cast.alice)
    begin_afresh(tmp_path)  # the next start
    assert Grant.objects.giving_rights().exists()


def test_a_key_of_another_program_is_ended(cast: Cast, tmp_path: Path) -> None:
    make_token(id=uuid.uuid4(), child=cast.mia, name="x", right="read", lasts=timedelta(days=9), by=cast.alice)
    start_after_a_restore(tmp_path)
    assert not Token.objects.filter(ended_at=None).exists()
    assert Entry.objects.filter(chain=cast.mia.pk, event="token.ended", by_id=None).exists()


def test_links_that_wait_open_nothing_until_a_guardian_makes_another(cast: Cast, tmp_path: Path) -> None:
    grant, look = invited(cast.mia, cast.alice)
    invitation, belong = actions.invite(
        children=[cast.mia], role="relative", called="x", email="x@example.org", by=cast.alice
    )
    start_after_a_restore(tmp_path)
    assert not Grant.objects.opened_by(look).exists() and not Invitation.objects.opened_by(belong).exists()
    assert actions.renew_link(grant_id=grant.pk, by=cast.alice)
    assert actions.renew_invitation(invitation_id=invitation.pk, by=cast.alice)


def test_who_belongs_still_does_and_the_ledger_says_what_was_done(cast: Cast, tmp_path: Path) -> None:
    confirmed(cast, doctor())
    parts = Membership.objects.count()
    start_after_a_restore(tmp_path)
    assert Membership.objects.count() == parts
    told = Entry.objects.get(event="site.restored").facts
    assert told == {"as_of": NIGHT, "paused": 1, "links": 0, "tokens": 0}


def test_a_ledger_that_came_back_shorter_is_not_called_cut(cast: Cast, tmp_path: Path) -> None:
    """Its folder may be the one of before, where the household itself lives in PostgreSQL."""
    record("moments.kept", about=cast.mia, by=cast.alice, count=1)
    write_checkpoint(tmp_path / CHECKPOINT)
    written = (tmp_path / CHECKPOINT).read_text()
    (tmp_path / CHECKPOINT).write_text(written.replace("00", "01"))  # of a ledger that is not here
    start_after_a_restore(tmp_path)
    assert list(breaks(tmp_path / CHECKPOINT)) == []
    assert write_checkpoint(tmp_path / CHECKPOINT) == []
    assert (tmp_path / f"{CHECKPOINT}-before-restore").exists()
