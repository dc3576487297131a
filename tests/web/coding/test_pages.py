"""A recording comes in, is looked at, kept, taken away and brought back; who may, and what is never shown or stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from tests.universe import Cast

from attunement_web.coding import actions, bridge, views
from attunement_web.coding.forms import plain_name
from attunement_web.coding.models import LONGEST_NAME, Recording
from attunement_web.families.models import Child
from attunement_web.ledger.models import Entry

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
ROWS = "".join(f"{n},{n + 400},CHI,coo\n{n + 600},{n + 900},{SCRIPT},talk\n" for n in range(0, 40_000, 1_000))
TABLE = f"onset_ms,offset_ms,tier,code\n{ROWS}".encode()
SEVERAL = b"".join(
    b"SPEAKER %s 1 %d 0.4 <NA> <NA> KCHI <NA> <NA>\n" % (name, n) for name in (b"morning", b"evening") for n in range(9)
)
In = Callable[..., Client]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> bridge.Read:
    """The table, read once as a page reads it."""
    return bridge.read([TABLE], "visit.csv", folder=tmp_path_factory.mktemp("uploads"))


@pytest.fixture
def kept(cast: Cast, read: bridge.Read) -> Recording:
    recording = actions.show_recording(child=cast.mia, name="visit.csv", read=read, by=cast.alice)
    actions.keep_recording(recording=recording, by=cast.alice)
    return recording


def at(name: str, child: Child, recording: Recording | None = None) -> str:
    return reverse(f"coding:{name}", args=[child.pk, *([recording.pk] if recording else [])])


def brought(browser: Client, child: Child, data: bytes = TABLE, name: str = "visit.csv", **more: Any) -> HttpResponse:
    return browser.post(at("recordings", child), {"file": SimpleUploadedFile(name, data)}, **more)


def test_a_file_is_read_looked_at_kept_and_shown(cast: Cast, signed_in: In) -> None:
    browser = signed_in(cast.alice)
    page = brought(browser, cast.mia, follow=True)
    words = page.content.decode()
    (recording,) = Recording.objects.all()
    assert page.redirect_chain[-1][0] == at("recording", cast.mia, recording)
    assert "Only you see it until you keep it" in words
    assert not recording.is_kept
    words = browser.post(at("keeping", cast.mia, recording), follow=True).content.decode()
    assert "until you keep it" not in words
    for part in (
        "The session",
        "How this was counted",
        "States and counts",
        "drawing--wide",
        "drawing--narrow",
        "never about a person",
    ):
        assert part in words
    assert "visit.csv" in browser.get(at("recordings", cast.mia)).content.decode()
    events = list(Entry.objects.filter(about_id=recording.pk).order_by("at").values_list("event", flat=True))
    assert events == ["recording.read", "recording.kept"]


def test_words_of_the_file_are_words_on_the_page(cast: Cast, signed_in: In, kept: Recording) -> None:
    browser = signed_in(cast.alice)
    for address in (at("recording", cast.mia, kept), at("recordings", cast.mia)):
        assert SCRIPT not in browser.get(address).content.decode()
    assert "&lt;script&gt;alert(1)" in browser.get(at("recording", cast.mia, kept)).content.decode()


def test_a_drawing_that_is_not_ours_is_not_shown_even_from_the_database(
    cast: Cast, signed_in: In, kept: Recording
) -> None:
    kept.shown[0]["report"]["sections"][0]["pictures"][0]["svg"] = f"<svg>{SCRIPT}</svg>"
    kept.save()
    words = signed_in(cast.alice).get(at("recording", cast.mia, kept)).content.decode()
    assert SCRIPT not in words
    assert words.count("<figure") == 2


def test_the_file_itself_is_not_stored(cast: Cast, signed_in: In, settings: Settings, tmp_path: Path) -> None:
    settings.UPLOADS = settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100  # so that it waits on the disk
    line = b"# only-in-the-file\n"
    brought(
        signed_in(cast.alice),
        cast.mia,
        TABLE.replace(b"code\n", b"code,note\n", 1).replace(b"coo\n", b"coo,only-in-the-file\n") + line,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM coding_recording")
        assert "only-in-the-file" not in str(cursor.fetchall())
    assert list(tmp_path.iterdir()) == []


def test_the_same_file_twice_is_one_recording(cast: Cast, signed_in: In) -> None:
    browser = signed_in(cast.alice)
    brought(browser, cast.mia)
    (first,) = Recording.objects.all()
    brought(browser, cast.mia, name="again.csv")
    assert Recording.objects.get().pk == first.pk  # still waiting: read anew under its new name
    browser.post(at("keeping", cast.mia, first))
    words = brought(browser, cast.mia, name="third.csv", follow=True).content.decode()
    assert "This file is here already" in words
    assert Recording.objects.get().name == "again.csv"
    brought(browser, cast.noah)
    assert Recording.objects.count() == 2  # another child's page is another thing


def test_taken_away_and_brought_back_is_exactly_as_before(cast: Cast, signed_in: In, kept: Recording) -> None:
    browser = signed_in(cast.alice)
    before = Recording.objects.filter(pk=kept.pk).values().get()
    words = browser.post(at("removal", cast.mia, kept), follow=True).content.decode()
    assert "Undo" in words
    assert browser.get(at("recording", cast.mia, kept)).status_code == 404
    assert browser.get(at("numbers", cast.mia, kept)).status_code == 404
    browser.post(at("return", cast.mia, kept))
    assert Recording.objects.filter(pk=kept.pk).values().get() == before


def test_a_recording_never_kept_goes_at_once_or_within_a_day(cast: Cast, signed_in: In, read: bridge.Read) -> None:
    waiting = actions.show_recording(child=cast.mia, name="a.csv", read=read, by=cast.alice)
    signed_in(cast.alice).post(at("removal", cast.mia, waiting))
    assert not Recording.objects.exists()
    actions.show_recording(child=cast.mia, name="a.csv", read=read, by=cast.alice)
    assert actions.forget_old(now=timezone.now() + timedelta(hours=23)) == 0
    assert actions.forget_old(now=timezone.now() + timedelta(hours=25)) == 1


def test_what_was_taken_away_is_gone_after_thirty_days(cast: Cast, signed_in: In, kept: Recording) -> None:
    actions.remove_recording(recording=kept, by=cast.alice)
    Recording.objects.update(removed_at=timezone.now() - timedelta(days=31))
    assert "gone" in signed_in(cast.alice).post(at("return", cast.mia, kept), follow=True).content.decode()
    assert "Bring back" not in signed_in(cast.alice).get(at("recordings", cast.mia)).content.decode()
    assert actions.forget_old(now=timezone.now()) == 1


def test_a_file_taken_away_can_be_brought_again(cast: Cast, kept: Recording, read: bridge.Read) -> None:
    actions.remove_recording(recording=kept, by=cast.alice)
    again = actions.show_recording(child=cast.mia, name="visit.csv", read=read, by=cast.bob)
    assert (again.pk, again.is_kept, again.removed_at, again.read_by) == (kept.pk, False, None, cast.bob)


def test_who_may(cast: Cast, signed_in: In, kept: Recording, read: bridge.Read) -> None:
    reading = [at("recordings", cast.mia), at("recording", cast.mia, kept), at("numbers", cast.mia, kept)]
    writing = [at(name, cast.mia, kept) for name in ("keeping", "removal", "return")]
    for address in reading:
        assert signed_in(cast.bob).get(address).status_code == 200
        assert signed_in(cast.ruth).get(address).status_code == 403
    for address in [*reading, *writing]:
        assert signed_in(cast.charlie).get(address if address in reading else reading[1]).status_code == 404
        assert Client().get(address).headers["Location"].startswith(reverse("accounts:sign_in"))
    for address in writing:
        assert signed_in(cast.ruth).post(address).status_code == 403
        assert signed_in(cast.charlie).post(address).status_code == 404
        assert signed_in(cast.alice).get(address).status_code == 405
    assert brought(signed_in(cast.ruth), cast.mia).status_code == 403
    assert brought(signed_in(cast.charlie), cast.mia).status_code == 404
    assert signed_in(cast.charlie).get(at("recording", cast.strangers_child, kept)).status_code == 404
    assert Recording.objects.get().removed_at is None


def test_what_is_not_kept_yet_is_seen_by_who_brought_it_only(cast: Cast, signed_in: In, read: bridge.Read) -> None:
    waiting = actions.show_recording(child=cast.mia, name="secret.csv", read=read, by=cast.alice)
    assert signed_in(cast.bob).get(at("recording", cast.mia, waiting)).status_code == 404
    assert b"secret.csv" not in signed_in(cast.bob).get(at("recordings", cast.mia)).content
    assert signed_in(cast.bob).post(at("keeping", cast.mia, waiting)).status_code == 404


def test_a_form_of_another_page_is_refused(cast: Cast, kept: Recording) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.alice)
    assert brought(browser, cast.mia).status_code == 403
    assert browser.post(at("removal", cast.mia, kept)).status_code == 403
    assert Recording.objects.get().removed_at is None


def test_a_file_of_several_sessions_shows_each(cast: Cast, signed_in: In) -> None:
    browser = signed_in(cast.alice)
    brought(browser, cast.mia, SEVERAL, "day.rttm")
    recording = Recording.objects.get()
    assert recording.sessions == 2
    address = at("recording", cast.mia, recording)
    assert "day.rttm: evening" in browser.get(f"{address}?session=2").content.decode()
    for asked in ("", "0", "3", "-1", "two", "9" * 99, "²"):
        assert "day.rttm: morning" in browser.get(f"{address}?session={asked}").content.decode()


def test_all_numbers_come_as_a_file(cast: Cast, signed_in: In, kept: Recording) -> None:
    response = signed_in(cast.alice).get(at("numbers", cast.mia, kept))
    told = json.loads(response.content)
    assert told["files"][0]["file"]["sha256"] == kept.sha256
    assert "report" not in told["files"][0]
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_beyond_the_limit_is_never_stored_and_the_page_says_so(
    cast: Cast, signed_in: In, settings: Settings, tmp_path: Path
) -> None:
    settings.LARGEST_UPLOAD = 2**20
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    response = brought(signed_in(cast.alice), cast.mia, b"x" * 2**21)
    assert response.status_code == 422
    assert "larger than 1 MB" in response.content.decode()
    assert not Recording.objects.exists()


def test_without_a_file_the_form_says_what_is_missing(cast: Cast, signed_in: In) -> None:
    response = signed_in(cast.alice).post(at("recordings", cast.mia), {})
    assert response.status_code == 422
    assert "Please choose a file first" in response.content.decode()


def test_one_file_is_read_at_a_time(cast: Cast, signed_in: In) -> None:
    with views._ONE_AT_A_TIME:
        response = brought(signed_in(cast.alice), cast.mia)
    assert response.status_code == 422
    assert "another file just now" in response.content.decode()
    assert brought(signed_in(cast.alice), cast.mia).status_code == 302


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\visit.eaf", "visit.eaf"),
        ("a\u202egpj.eaf", "agpj.eaf"),
        ("\n", "recording"),
    ],
)
def test_a_name_is_shown_and_never_a_path(given: str, shown: str) -> None:
    assert plain_name(given) == shown


def test_a_long_name_keeps_its_ending() -> None:
    name = plain_name("x" * 300 + ".eaf")
    assert (len(name), name[-5:]) == (LONGEST_NAME, "….eaf")


def test_pages_cost_the_same_however_many_recordings(
    cast: Cast, signed_in: In, kept: Recording, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cast.alice)
    listed, shown = at("recordings", cast.mia), at("recording", cast.mia, kept)
    browser.get(listed)
    with django_assert_num_queries(7):  # session, person, child, three lists, the child picker
        browser.get(listed)
    for n in range(20):
        more = Recording.objects.get(pk=kept.pk)
        more.pk, more.sha256, more._state.adding = uuid4(), f"{n:064}", True
        more.save()
    with django_assert_num_queries(7):
        browser.get(listed)
    with django_assert_num_queries(5):  # session, person, child, recording, the child picker
        browser.get(shown)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sha256": "short"}, {"sessions": 0}, {"name": ""}, {"format": ""}, {"version": ""},
        {"kept_at": None, "removed_at": timezone.now()}, {"length_ms": -1},
    ],
)  # fmt: skip
def test_the_database_itself_refuses_what_cannot_be(kept: Recording, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Recording.objects.filter(pk=kept.pk).update(**wrong)
