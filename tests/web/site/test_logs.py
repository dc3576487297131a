"""The log has one JSON line an event, and no word of what anybody sent."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.urls import get_resolver, reverse
from tests.universe import Cast

from attunement_web.site import logs
from attunement_web.site.logs import OneLine, guarded, tell, watch_threads

CANARY = "canary7"
TROUBLES = [
    OperationalError(f"disk I/O error {CANARY}"), IntegrityError(f"Key (words)=({CANARY})"), ValueError(CANARY),
    KeyError(CANARY), UnicodeEncodeError("utf-8", CANARY, 0, 1, CANARY), OSError(28, CANARY, f"/home/{CANARY}"),
]  # fmt: skip


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that any logger would put on stderr."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(OneLine())
    loggers = [
        logging.getLogger(name) for name in ("", "attunement", "django", "django.request", "django.security.csrf")
    ]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield text
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture
def alice(cast: Cast) -> Client:
    browser = Client(raise_request_exception=False, headers={"Referer": f"http://x/{CANARY}", "User-Agent": CANARY})
    browser.force_login(cast.alice)
    browser.cookies["canary"] = CANARY
    return browser


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: type(one).__name__)
def test_an_exception_is_told_by_its_kind_and_place(
    alice: Client, cast: Cast, written: io.StringIO, trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise trouble

    monkeypatch.setattr("attunement_web.diary.actions.note_moment", breaks)
    form = {"id": str(cast.noah.pk), "signal": "cry", "words": CANARY}
    answer = alice.post(reverse("diary:note", args=[cast.mia.pk]) + f"?q={CANARY}", form)
    assert answer.status_code in {500, 503, 507}
    told = [line for line in lines(written) if line["event"] == "django.request"]
    assert told[0]["view"] == "diary:note"
    assert type(trouble).__name__ in told[0]["error"]
    assert any("diary/views.py" in place for place in told[0]["where"])
    nothing_of(cast, written)


@pytest.mark.django_db
def test_every_kind_of_request_leaves_no_word_in_the_log(alice: Client, cast: Cast, written: io.StringIO) -> None:
    child = cast.mia.pk
    upload = SimpleUploadedFile(f"{CANARY}.eaf", CANARY.encode())
    for path in (f"/{CANARY}/", f"/enter/{CANARY}/", f"/child/{child}/?q={CANARY}", f"/child/{CANARY}/", "/healthz"):
        for ask in (alice.get, alice.head, alice.post, alice.put, alice.patch, alice.delete, alice.options):
            ask(path)
    alice.post(reverse("coding:recordings", args=[child]), {"file": upload})
    alice.post("/api/v1/push", f'{{"{CANARY}": ', content_type="application/json")
    alice.get(f"/api/v1/children/{child}/moments", headers={"Authorization": f"Bearer {CANARY}"})
    alice.get("/", headers={"Host": f"{CANARY}.example"})
    alice.post(reverse("diary:note", args=[child]), {f"f{n}": CANARY for n in range(1100)})
    alice.generic(CANARY.upper(), "/")
    strict = Client(raise_request_exception=False, enforce_csrf_checks=True)
    strict.post("/sign-in/", {"email": f"{CANARY}@example.org", "password": CANARY})
    assert len(lines(written)) > 20
    nothing_of(cast, written)


def nothing_of(cast: Cast, written: io.StringIO) -> None:
    assert CANARY not in written.getvalue().lower()
    for one in (cast.alice, cast.mia, cast.noah, cast.family):
        assert str(one.pk) not in written.getvalue()
        assert one.pk.hex not in written.getvalue()


@pytest.mark.django_db
def test_the_handler_of_the_site_writes_such_lines(settings: Any) -> None:
    assert settings.LOGGING["formatters"]["line"]["()"] == "attunement_web.site.logs.OneLine"
    assert settings.LOGGING["handlers"]["stderr"] == {"class": "attunement_web.site.logs.Stderr", "formatter": "line"}
    named = settings.LOGGING["loggers"].values()
    assert all(one["handlers"] == ["stderr"] for one in (*named, settings.LOGGING["root"]))
    assert get_resolver().urlconf_name == "attunement_web.site.urls"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def said(to: io.StringIO, *events: tuple[str, int, dict[str, Any]]) -> list[str]:
    """What these events are on the site's own handler."""
    handler = logs.Stderr(to)
    handler.setFormatter(OneLine())
    logger = logging.getLogger("attunement")
    logger.addHandler(handler)
    try:
        for event, level, facts in events:
            tell(event, level=level, **facts)
    finally:
        logger.removeHandler(handler)
    return to.getvalue().splitlines()


OLD: tuple[str, int, dict[str, Any]] = ("native.expat-old", logging.WARNING, {"has": "v2.5.0"})
ENDS: tuple[str, int, dict[str, Any]] = ("certificate.ends-soon", logging.WARNING, {"days": 3})
KEPT: tuple[str, int, dict[str, Any]] = ("backup.kept", logging.INFO, {"rows": 12})
FULL: tuple[str, int, dict[str, Any]] = ("request.not-saved", logging.ERROR, {"reason": "full"})


def test_the_log_keeps_what_a_terminal_is_spared() -> None:
    kept = [json.loads(line)["event"] for line in said(io.StringIO(), OLD, ENDS, KEPT, FULL)]
    assert kept == ["native.expat-old", "certificate.ends-soon", "backup.kept", "request.not-saved"]


def test_in_a_terminal_a_person_reads_sentences_and_what_nobody_foresaw() -> None:
    told = said(Terminal(), OLD, ENDS, KEPT, FULL)
    assert told[0].startswith("Days that are left of your certificate: 3. ")
    assert json.loads(told[1])["event"] == "request.not-saved"
    assert len(told) == 2


def test_every_sentence_can_be_said_with_the_facts_of_its_event() -> None:
    facts: dict[str, Any] = {"days": 1, "count": 1}
    lines = said(Terminal(), *((event, logging.WARNING, facts) for event in logs._SAID))
    assert len(lines) == sum(1 for words in logs._SAID.values() if words)
    assert not any("{" in line for line in lines)


def test_a_library_that_writes_whole_sentences_is_only_named(written: io.StringIO) -> None:
    logging.getLogger("somebody.else").error(f"cannot parse {CANARY}")
    logging.getLogger("somebody.else").error("cannot parse %s", CANARY)
    assert [line["event"] for line in lines(written)] == ["somebody.else"] * 2


@pytest.mark.parametrize("value", ["Mia", "she laughed", "a/b", "x" * 65, "two\nlines"])
def test_a_fact_that_is_no_code_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="codes and numbers"):
        tell("backup.kept", where=value)


def test_a_thread_that_breaks_is_one_line(written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs.threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logs.sys, "excepthook", logs.sys.excepthook)
    watch_threads()

    def breaks() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()
    assert [line["error"] for line in lines(written)] == ["ValueError"]
    assert CANARY not in written.getvalue()


def test_what_django_let_through_is_one_line_and_an_empty_answer(written: io.StringIO) -> None:
    def breaks(environ: dict[str, Any], start_response: Any) -> Any:
        raise ValueError(CANARY)

    said: list[str] = []
    body = guarded(breaks)({"PATH_INFO": CANARY}, lambda status, headers: said.append(status))
    assert (said, list(body)) == (["500 Internal Server Error"], [])
    assert lines(written)[0]["event"] == "request.broke"
    assert CANARY not in written.getvalue()
