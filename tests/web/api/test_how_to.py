"""Every command of the page about other programs is run with curl against a live server, and says what the page shows."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.docs.made import ROOT
from tests.docs.shown import with_commands_run
from tests.universe import ZONE
from tests.web.api.conftest import made

from attunement_web.accounts.actions import person_of_household
from attunement_web.diary.models import Moment
from attunement_web.families.actions import begin_family

PAGE = ROOT / "docs/how-to/note-from-another-program.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
def test_each_command_says_what_the_page_shows(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mama = person_of_household()
    child = begin_family(time_zone=ZONE, child_name="Mia", born=date.today() - timedelta(days=90), by=mama)
    for name, value in (("SITE", live_server.url), ("CHILD", str(child.pk)), ("KEY", made(mama, child))):
        monkeypatch.setenv(name, value)
    page = PAGE.read_text(encoding="utf-8")
    assert with_commands_run(page, tmp_path) == page
    assert set(Moment.objects.values_list("signal", flat=True)) == {"", "fuss", "coo"}
    assert Moment.objects.filter(mended=True, acts=["sing"], noted_by=mama).count() == 1
