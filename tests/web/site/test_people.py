"""attunement people, as the one who runs the machine meets it, and what families see of it afterwards."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.strong import code_of
from tests.universe import Cast
from tests.web.site.test_summaries import COMMAND as SUMMARIES
from tests.web.site.test_summaries import HOUSEHOLD, environment

from attunement_web.accounts import bridge
from attunement_web.accounts.actions import add_app
from attunement_web.accounts.models import Device, User
from attunement_web.families.models import Membership
from attunement_web.ledger.models import Entry
from attunement_web.site.people import command

COMMAND = SUMMARIES.replace("site.summaries", "site.people.command")
Ran = tuple[int, str, str]
Run = Callable[..., Ran]
SignedIn = Callable[[User], Client]


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("link", "--person", "alice@example.org")`: exit code, what it said, what it complained of."""
    monkeypatch.setattr(command, "open_household", lambda data: None)  # the test's own database

    monkeypatch.setattr(command, "folder_of", lambda wanted: Path())

    def ran(*argv: str) -> Ran:
        return command.main(argv), *capsys.readouterr()

    return ran


@pytest.fixture
def secret(cast: Cast) -> str:
    made = bridge.new_secret()
    with time_machine.travel(timezone.now() - timedelta(minutes=2), tick=False):
        assert add_app(person=cast.alice, secret=made, code=code_of(made), by=cast.alice)
    return made


def seen(browser: Client, cast: Cast) -> str:
    """What “Who looked” of Mia says, as her family reads it."""
    return browser.get(reverse("families:who_looked", args=[cast.mia.pk])).text


def test_the_list_names_no_child(run: Run, cast: Cast, secret: str) -> None:
    code, said, _ = run("list")
    assert code == 0
    assert "alice@example.org" in said
    assert "second step: app" in said
    assert f"guardian of {cast.mia.pk}" in said
    assert not {"Mia", "Alice"} & set(said.split())


def test_a_name_cannot_play_with_the_terminal(run: Run, cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(email=None, name="\x1b[2JBob")
    assert "?[2JBob" in run("list")[1]


@pytest.mark.parametrize("by", ["address", "id"])
def test_a_link_lets_in_once_and_the_family_sees_that_it_was_made(
    run: Run, cast: Cast, signed_in: SignedIn, by: str
) -> None:
    code, said, _ = run("link", "--person", "BOB@example.org" if by == "address" else str(cast.bob.pk))
    assert code == 0
    browser = Client()
    assert browser.post(said.splitlines()[-1]).status_code == 302
    assert browser.session["_auth_user_id"] == str(cast.bob.pk)
    assert "Whoever runs Attunement here made a link that lets Bob in" in seen(signed_in(cast.alice), cast)
    told = [one.facts for one in Entry.objects.filter(event="host.link_made")]
    assert sorted(told, key=str) == sorted(({"child": str(one.pk)} for one in (cast.mia, cast.noah)), key=str)


def test_somebody_is_signed_out_everywhere(run: Run, cast: Cast, signed_in: SignedIn) -> None:
    phone = signed_in(cast.bob)
    assert run("end-sign-ins", "--person", "bob@example.org")[:2] == (0, "Signed out: bob@example.org. Devices: 1.\n")
    assert phone.get(reverse("accounts:me")).status_code == 302
    assert "signed Bob out everywhere" in seen(signed_in(cast.alice), cast)


def test_who_lost_everything_comes_in_by_a_link_again(run: Run, cast: Cast, secret: str, signed_in: SignedIn) -> None:
    stolen = signed_in(cast.alice)
    assert run("forget-second-factor", "--person", "alice@example.org", "--reason", "lost")[0] == 0
    assert not Device.objects.filter(person=cast.alice).exists()
    assert stolen.get(reverse("accounts:me")).status_code == 302
    browser = Client()
    browser.post(run("link", "--person", "alice@example.org")[1].splitlines()[-1])
    assert browser.session["_auth_user_id"] == str(cast.alice.pk)
    assert "took away the second step of Alice: the phone and the codes were lost" in seen(signed_in(cast.bob), cast)
    told = Entry.objects.filter(event="host.second_step_forgotten")  # on each child's chain
    assert {one.facts["reason"] for one in told} == {"lost"}


@pytest.mark.parametrize("act", [("end-sign-ins",), ("forget-second-factor", "--reason", "lost")])
def test_a_link_made_before_opens_nothing_after_it(run: Run, cast: Cast, secret: str, act: tuple[str, ...]) -> None:
    before = run("link", "--person", "alice@example.org")[1].splitlines()[-1]
    assert run(act[0], "--person", "alice@example.org", *act[1:])[0] == 0
    assert Client().post(before).status_code == 410


def test_nothing_to_forget_is_said_and_nothing_is_written(run: Run, cast: Cast) -> None:
    code, said, complaint = run("forget-second-factor", "--person", "bob@example.org", "--reason", "lost")
    assert (code, said) == (2, "")
    assert "no second step" in complaint
    assert not Entry.objects.filter(event__startswith="host.").exists()


def test_what_a_court_decided_holds_at_the_next_request(run: Run, cast: Cast, signed_in: SignedIn) -> None:
    gone, stays = cast.bob, cast.alice  # two guardians: neither can end the other's part
    browser, page = signed_in(gone), reverse("families:child", args=[cast.mia.pk])
    assert browser.get(page).status_code == 200
    ended = run("end", "--child", str(cast.mia.pk), "--person", gone.email or "", "--reason", "court-order")
    assert ended[0] == 0
    assert browser.get(page).status_code == 404
    assert not Membership.objects.filter(user=gone, child=cast.mia).exists()
    told = Entry.objects.get(event="membership.ended")
    assert (told.by_id, told.facts["reason"]) == (None, "court-order")
    assert signed_in(stays).get(page).status_code == 200
    assert "Whoever runs Attunement here ended the part of Bob: a court has decided so" in seen(signed_in(stays), cast)


def test_the_last_guardian_stays(run: Run, cast: Cast) -> None:
    Membership.objects.filter(child=cast.mia, user=cast.bob).delete()
    ended = run("end", "--child", str(cast.mia.pk), "--person", "alice@example.org", "--reason", "safety")
    assert ended[0] == 2
    assert "at least one guardian" in ended[2]
    assert Membership.objects.filter(user=cast.alice, child=cast.mia).exists()


@pytest.mark.parametrize(
    "argv",
    [
        (), ("dance",), ("link",), ("link", "--person", "nobody@example.org"), ("link", "--person", str(uuid4())),
        ("end", "--person", "bob@example.org", "--child", "Mia", "--reason", "safety"),
        ("end", "--person", "bob@example.org", "--child", str(uuid4()), "--reason", "safety"),
        ("end", "--person", "bob@example.org", "--child", str(uuid4()), "--reason", "I do not like him"),
        ("end", "--person", "bob@example.org", "--child", str(uuid4())),
        ("forget-second-factor", "--person", "bob@example.org"), ("list", "--everything"),
    ],
)  # fmt: skip
def test_wrong_input_gets_one_line_and_changes_nothing(run: Run, argv: tuple[str, ...]) -> None:
    before = Entry.objects.count()
    code, said, complaint = run(*argv)
    assert (code, said, complaint.count("\n")) == (2, "", 1)
    assert complaint.startswith("attunement people: ")
    assert Entry.objects.count() == before


@pytest.mark.own_database
def test_on_a_real_household_a_link_is_made_for_whoever_the_list_names(tmp_path: Path) -> None:
    run_apart(HOUSEHOLD, tmp_path)
    listed = run_apart(COMMAND, tmp_path, "list").split()
    assert listed.count("guardian") == 1
    made = run_apart(COMMAND, tmp_path, "link", "--person", listed[listed.index("second") - 1])
    assert re.search(r"^/enter/[\w-]{43}/$", made, re.MULTILINE)


def run_apart(code: str, data: Path, *argv: str) -> str:
    """What a fresh process with this household's folder prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *argv], env=environment(ATTUNEMENT_DATA=str(data)), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_folder_in_which_nobody_lives_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["list", "--data", str(tmp_path)]) == 2
    assert "no household lives here" in capsys.readouterr().err
