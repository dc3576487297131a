"""Harmful and wrong files through the upload itself: a kind line each, soon, and nothing kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests.universe import Cast

from attunement_web.coding import bridge
from attunement_web.coding.models import Recording
from attunement_web.coding.reading.apart import MIB, Limits
from attunement_web.ledger.models import Entry

pytestmark = pytest.mark.django_db

LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">'
    + LAUGHS
    + b"]><ANNOTATION_DOCUMENT>&l9;</ANNOTATION_DOCUMENT>"
)


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("project", "db"):
            archive.writestr(name, b"0" * 300 * MIB)
    return packed.getvalue()


LIES = b'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n9\n<exists>\n999999999\n'
SIXTY = b"".join(b"SPEAKER r%d 1 0 1 <NA> <NA> CHI <NA> <NA>\n" % n for n in range(60))
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an XML bomb": ("v.eaf", lambda: BOMB),
    "another file asked for": ("v.eaf", lambda: BOMB.replace(b'l0 "lol"', b'l0 SYSTEM "file:///etc/passwd"')),
    "a zip bomb": ("v.opf", zip_bomb),
    "a picture": ("v.eaf", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 5_000),
    "an attribute of 8 MiB": ("v.eaf", lambda: b'<ANNOTATION_DOCUMENT A="' + b"x" * 8 * MIB + b'"/>'),
    "nothing": ("v.eaf", lambda: b""),
    "spaces": ("v.csv", lambda: b" \n" * 1_000),
    "deep JSON": ("v.boris", lambda: b'{"behaviors_conf":' + b"[" * 100_000),
    "one line of 40 MB": ("v.csv", lambda: b"onset_ms," + b"x" * 40_000_000),
    "a size that lies": ("v.TextGrid", lambda: LIES),
    "more recordings than a page": ("v.rttm", lambda: SIXTY),
}  # fmt: skip


@pytest.fixture
def uploads(settings: Settings, tmp_path: Path) -> Path:
    settings.UPLOADS = settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path


def sent(browser: Client, cast: Cast, name: str, data: bytes) -> str:
    """The page that answers; nothing was kept, written down or left lying about."""
    entries = Entry.objects.count()
    response = browser.post(reverse("coding:recordings", args=[cast.mia.pk]), {"file": SimpleUploadedFile(name, data)})
    assert (response.status_code, Recording.objects.exists(), Entry.objects.count()) == (422, False, entries)
    return response.content.decode()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_harmful_or_wrong_file_gets_a_kind_line(
    cast: Cast, signed_in: Callable[..., Client], uploads: Path, kind: str
) -> None:
    name, made = HOSTILE[kind]
    words = sent(signed_in(cast.alice), cast, name, made())
    assert "Nothing was kept" in words
    assert "We could not read this file" in words or "asked for too much" in words
    assert "mistake is ours" not in words
    assert "root:" not in words
    assert list(uploads.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("while True: pass", "asked for too much"),
        ("import time; time.sleep(99)", "asked for too much"),
        ("x = bytearray(2**40)", "mistake is ours"),  # an error of its own: our reader answers 75 instead
        ("import sys; sys.exit(75)", "asked for too much"),
        ("print('x' * 100_000_000)", "asked for too much"),
        ("print('{}')", "mistake is ours"),
        ("raise SystemExit(1)", "mistake is ours"),
        ('import sys; print(\'{"refused": "<script>alert(1)</script>"}\'); sys.exit(4)', "&lt;script&gt;"),
    ],
)
def test_a_reader_gone_wrong_gets_a_kind_line(
    cast: Cast, signed_in: Callable[..., Client], uploads: Path, tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch, code: str, said: str,
) -> None:  # fmt: skip
    (reader := tmp_path_factory.mktemp("reader") / "reader.py").write_text(code)
    honest, tight = bridge.read, Limits(memory=256 * MIB, cpu_seconds=1, seconds=2, answer=MIB)
    monkeypatch.setattr(bridge, "read", lambda *a, **k: honest(*a, **k, reader=(str(reader),), limits=tight))
    words = sent(signed_in(cast.alice), cast, "v.eaf", b"anything")
    assert said in words
    assert "<script>alert" not in words
    assert list(uploads.iterdir()) == []


def test_signs_that_steer_a_screen_are_written_out(cast: Cast, signed_in: Callable[..., Client], uploads: Path) -> None:
    rows = "".join(f"{n},{n + 400},a\u202edab,coo\n" for n in range(0, 9_000, 1_000))
    file = SimpleUploadedFile("v.csv", f"onset_ms,offset_ms,tier,code\n{rows}".encode())
    address = reverse("coding:recordings", args=[cast.mia.pk])
    words = signed_in(cast.alice).post(address, {"file": file}, follow=True).content.decode()
    assert "\u202e" not in words
    assert "a&lt;U+202E&gt;dab" in words
