"""The Learn texts: short topics, each paragraph with its source and how sure we are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from attunement.errors import WrongUse
from attunement.milestones import Checked, Strength, how_sure
from attunement.milestones.shipped import row_of, toml_of

LEARN = Path(__file__).with_name("learn.toml")


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    source: str
    strength: Strength
    checked: Checked

    @property
    def how_sure(self) -> str:
        return how_sure(self.strength, self.checked)


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    title: str
    summary: str
    paragraphs: tuple[Paragraph, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic, in reading order. Raises BadContent."""
    return tuple(_topic(table, f"{LEARN.name}, topic {at}") for at, table in enumerate(toml_of(LEARN)["topic"], 1))


def topic(id: str) -> Topic:
    """The topic of that name. Raises WrongUse for a name that is not there."""
    for each in topics():
        if each.id == id:
            return each
    raise WrongUse(f"there is no topic “{id}”", place=LEARN.name, remedy="ask for one of topics()")


def _topic(table: dict[str, Any], place: str) -> Topic:
    row = row_of(table, place, ("id", "title", "summary", "paragraph"))
    paragraphs = tuple(
        _paragraph(each, f"{place}, paragraph {at}") for at, each in enumerate(table.get("paragraph", ()), 1)
    )
    if not paragraphs:
        row.refuse("has no paragraph", "add [[topic.paragraph]]")
    return Topic(row.text("id"), row.text("title"), row.text("summary"), paragraphs)


def _paragraph(table: dict[str, Any], place: str) -> Paragraph:
    row = row_of(table, place, ("text", "source", "strength", "checked"))
    strength, checked = row.one_of("strength", Strength), row.one_of("checked", Checked)
    return Paragraph(row.text("text"), row.text("source"), strength, checked)
