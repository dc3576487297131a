"""The same site on PostgreSQL: its address, what is asked of the server, and several writers at once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, connection, connections
from pytest_django import DjangoDbBlocker
from tests.postgres import SUPERUSER, Cluster, cluster
from tests.universe import make_cast

from attunement_web.accounts.actions import make_sign_in_link, person_of_household, use_sign_in_link
from attunement_web.actor import unscoped
from attunement_web.diary.actions import Tap, note_moment
from attunement_web.diary.models import Moment, new_id
from attunement_web.ledger.models import Entry
from attunement_web.milestones.actions import tell_milestone
from attunement_web.milestones.models import Sighting
from attunement_web.site import database, native
from attunement_web.site.postgresql import base

SERVE = "import sys; from attunement_web.site.serve import main; sys.exit(main(sys.argv[1:]))"
Connect = Callable[[str], base.DatabaseWrapper]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://ann:p%40ss@db.example.org:5433/diary", ("ann", "p@ss", "db.example.org", "5433", "diary")),
        ("postgres://localhost/diary", ("", "", "localhost", "", "diary")),
        ("postgresql://ann@%2Frun%2FPG:5433/diary", ("ann", "", "/run/PG", "5433", "diary")),
        ("postgresql:///diary?host=/run/pg", ("", "", "/run/pg", "", "diary")),
        ("postgresql://[::1]:5433/diary", ("", "", "::1", "5433", "diary")),
    ],
)
def test_an_address_says_where(url: str, place: tuple[str, ...]) -> None:
    made = database.postgresql(url)
    assert tuple(made[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == place
    assert made["OPTIONS"]["options"].startswith("-c synchronous_commit=on ")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://ann:secret@host/diary", "names no PostgreSQL"),
        ("sqlite:///secret.sqlite3", "names no PostgreSQL"),
        ("postgresql://ann:secret@host", "names no database"),
        ("postgresql://ann:secret@host/a/b", "names no database"),
        ("postgresql://ann:secret@host:99999/diary", "no address that we can read"),
        ("postgresql://ann:secret@host/diary?pool=secret", "we know no such option"),
        ("postgresql://ann:secret@host/diary?sslmode", "an option that we cannot read"),
        ("postgresql://ann:secret@host/diary?options=-csynchronous_commit%3Doff", "not ours to lower"),
        ("postgresql://ann:secret@host/diary?synchronous_commit=off", "not ours to lower"),
        ("postgresql://ann:secret@host/diary?fsync=off", "not ours to lower"),
    ],
)
def test_a_wrong_address_is_one_line_that_tells_no_secret(url: str, why: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=why) as told:
        database.postgresql(url)
    assert "DATABASE_URL" in str(told.value)
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


@pytest.fixture
def connect(django_db_blocker: DjangoDbBlocker) -> Iterator[Connect]:
    made: list[base.DatabaseWrapper] = []

    def open_one(url: str) -> base.DatabaseWrapper:
        wanted = connections.configure_settings({"default": database.postgresql(url)})["default"]
        made.append(base.DatabaseWrapper(wanted, alias="another"))
        made[-1].ensure_connection()
        return made[-1]

    with django_db_blocker.unblock():
        yield open_one
        for each in made:
            each.close()


def test_no_role_and_no_variable_makes_a_commit_less_than_kept(
    postgres: Cluster, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.new_database("hasty")
    with psycopg.connect(url) as boss:
        boss.execute("ALTER DATABASE hasty SET synchronous_commit = off")
    monkeypatch.setenv("PGOPTIONS", "-c synchronous_commit=off")
    with psycopg.connect(url) as careless:
        assert careless.execute("SHOW synchronous_commit").fetchone() == ("off",)
    with connect(url).cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


def test_a_server_that_may_forget_is_refused(connect: Connect, postgres: Cluster) -> None:
    with cluster(durable=False) as forgetful, pytest.raises(ImproperlyConfigured, match="fsync=off, full_page_writes"):
        connect(forgetful.url())
    for name in base.DURABLE:
        with pytest.raises(ImproperlyConfigured, match=f"{name}=off"):
            base.refuse_forgetful({**dict.fromkeys(base.DURABLE, "on"), name: "off"})


def test_a_server_that_is_too_old_is_refused(
    connect: Connect, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert base.DatabaseFeatures.minimum_database_version == native.POSTGRESQL_FROM == (15,)
    monkeypatch.setattr("django.db.backends.base.base.RAN_DB_VERSION_CHECK", set())  # it asks once a process
    monkeypatch.setattr(base.DatabaseFeatures, "minimum_database_version", (99,))
    with pytest.raises(NotSupportedError, match="PostgreSQL 99 or later is required"):
        connect(postgres.url())


def test_the_log_says_once_when_there_are_no_checksums(
    connect: Connect, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(base.logs, "tell", lambda event, **facts: told.append(event))
    monkeypatch.setattr(base.DatabaseWrapper, "_is_described", False)
    connect(postgres.url())
    assert told == []
    monkeypatch.setattr(base.DatabaseWrapper, "_is_described", False)
    monkeypatch.setattr(base, "_QUESTION", "SELECT 'on', 'on', 'on', 'off', false")
    connect(postgres.url())
    connect(postgres.url())
    assert told == ["database.no-checksums"]


def test_the_log_says_so_when_no_policy_holds_for_our_role(
    connect: Connect, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(base.logs, "tell", lambda event, **facts: told.append(event))
    monkeypatch.setattr(base.DatabaseWrapper, "_is_described", False)
    connect(postgres.url(role=SUPERUSER))
    connect(postgres.url(role=SUPERUSER))
    assert told == ["database.role-sees-all"]


def serve(data: Path, url: str) -> subprocess.Popen[str]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    named = {name: value for name, value in os.environ.items() if not name.startswith(("ATTUNEMENT_", "DJANGO_"))}
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, "--data", str(data), "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**named, "DATABASE_URL": url},
    )  # fmt: skip


def test_the_site_is_served_from_it(postgres: Cluster, tmp_path: Path) -> None:
    url = postgres.new_database()
    server = serve(tmp_path, url)
    try:
        told = server.stdout.readline()
        assert told.startswith("Attunement is ready: "), server.stderr.read()
        address = told.split(": ", 1)[1].strip()
        jar = CookieJar()
        browser = build_opener(HTTPCookieProcessor(jar))
        browser.open(address).close()
        token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
        with browser.open(address, data=urlencode({"csrfmiddlewaretoken": token}).encode()) as first:
            assert first.url.endswith("/start/")
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.communicate(timeout=30)
    assert server.returncode == 0
    assert not (tmp_path / "db.sqlite3").exists()
    with psycopg.connect(url) as looked:
        assert looked.execute("SELECT count(*) FROM accounts_signinlink WHERE used_at IS NOT NULL").fetchone() == (1,)


def test_where_nobody_answers_the_start_is_one_line(tmp_path: Path) -> None:
    server = serve(tmp_path, "postgresql://ann:secret@127.0.0.1:1/diary")
    told, troubles = server.communicate(timeout=60)
    assert (server.returncode, told, troubles.count("\n")) == (2, "", 1)
    assert "DATABASE_URL" in troubles
    assert "secret" not in troubles


def all_at_once(work: Callable[[], object], times: int = 8) -> list[object]:
    """What each of several threads answers that begin together, each with a connection of its own."""
    answers: list[object] = []
    gate = threading.Barrier(times)

    def one() -> None:
        try:
            gate.wait()
            with unscoped("a test"):
                answers.append(work())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


needs_it = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="a database in memory has one thread; script/test --postgresql runs this"
)


@needs_it
@pytest.mark.django_db(transaction=True)
def test_a_one_time_link_opens_once_for_whoever_comes_at_the_same_time() -> None:
    person = person_of_household()
    token = make_sign_in_link(person=person, by=None)
    answers = all_at_once(lambda: use_sign_in_link(token=token))
    assert sorted(map(str, answers)) == sorted([*["None"] * 7, str(person)])


@needs_it
@pytest.mark.django_db(transaction=True)
def test_what_several_threads_note_at_once_is_kept_once_each_with_revisions_in_a_row() -> None:
    cast = make_cast(date(2026, 11, 22))
    same = new_id()
    answers = all_at_once(lambda: note_moment(child=cast.mia, tap=Tap(id=same, signal="cry"), by=cast.alice))
    assert {str(answer) for answer in answers} == {f"moment {same}"}
    others = all_at_once(lambda: note_moment(child=cast.mia, tap=Tap(id=new_id()), by=cast.bob))
    assert len({str(answer) for answer in others}) == Moment.objects.exclude(pk=same).count() == 8
    revisions = list(Moment.objects.values_list("revision", flat=True))
    assert len(set(revisions)) == len(revisions) == 9


@needs_it
@pytest.mark.django_db(transaction=True)
def test_two_who_tell_the_same_milestone_at_once_are_both_heard() -> None:
    cast = make_cast(date(2026, 11, 22))
    answers = all_at_once(
        lambda: tell_milestone(child=cast.mia, milestone="claps-for-joy", stage="often", by=cast.alice)
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Sighting.objects.count() == 1
    assert Entry.objects.filter(event="milestone.told").count() == 8
