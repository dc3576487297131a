"""Every string of the diary is kind and plain, and no page gives a caregiver a percentage."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.tone import banned_words, grade, words
from tests.universe import Cast
from tests.web.diary.test_pages import noted

import attunement_web.diary
from attunement_web.accounts.models import User

ROOM = Path(attunement_web.diary.__file__).parent
TRANSLATED = re.compile(
    r'{%\s*translate\s+"([^"]+)"|{%\s*translate\s+\'([^\']+)\'|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate',
    re.DOTALL,
)
IN_PYTHON = re.compile(r'\b(?:_|lazy|gettext)\(\s*"([^"]+)"')
HIGHEST_GRADE = 8  # constants, section 10: aim 5 to 6, never above 8


def _strings() -> list[str]:
    found: list[str] = []
    for page in ROOM.glob("templates/**/*.html"):
        for groups in TRANSLATED.findall(page.read_text()):
            found += re.split(r"{%\s*plural\s*%}", next(filter(None, groups)))
    for module in ROOM.glob("*.py"):
        found += IN_PYTHON.findall(module.read_text())
    return [re.sub(r"{{.*?}}|%\(\w+\)s", "Mia", text).strip() for text in found]


STRINGS = _strings()


def test_the_strings_are_found() -> None:
    assert len(STRINGS) > 100
    assert "Enough for now" in STRINGS
    assert any("Too few to sum up" in text for text in STRINGS)


@pytest.mark.parametrize("text", sorted(set(STRINGS)))
def test_each_string_is_kind_and_plain(text: str) -> None:
    assert banned_words(text) == []
    if len(words(text)) > 5:  # a reading level means nothing for two words
        assert grade(text) <= HIGHEST_GRADE
    sentences = re.split(r"(?<=[.!?:])\s+", text)
    assert max(len(words(sentence)) for sentence in sentences) <= 25


@pytest.mark.django_db
def test_no_page_shows_a_percentage(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    for ago in range(40):
        noted(cast, cast.today - timedelta(days=ago), "cry", "coo", acts=("rock",), outcome="settled-with-you")
    alice = signed_in(cast.alice)
    for name in ("note", "moments", "picture"):
        text = re.sub(r"<[^>]*>", " ", alice.get(reverse(f"diary:{name}", args=[cast.mia.pk])).content.decode())
        assert "%" not in text
        assert banned_words(text) == []
