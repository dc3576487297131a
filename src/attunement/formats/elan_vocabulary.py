"""ELAN's controlled vocabularies: which values a tier may hold, and which entry a row points to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from attunement.errors import Severity
from attunement.events import Tier
from attunement.formats.rows import Rows

NAMED = 3  # values that an issue names


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Entries as (id, wording in each language); `elsewhere` when they are kept in a file of their own."""

    entries: tuple[tuple[str, tuple[str, ...]], ...]
    elsewhere: bool


class Document(Protocol):
    """What is needed of a file here."""

    vocabularies: dict[str, Vocabulary]
    vocabulary_of_kind: dict[str, str]
    tiers: list[Tier]
    bounds: list[int]

    def say(self, code: str, at: list[int], why: str, severity: Severity = ...) -> None: ...

    def note(self, code: str, place: str, message: str, severity: Severity = ...) -> None: ...


def resolve(values: list[str], entries: Sequence[str | None], document: Document) -> list[str]:
    """The values, empty ones filled from the vocabulary entry that their row points to."""
    wordings: Mapping[str, tuple[str, ...]] = {
        entry: words for book in document.vocabularies.values() for entry, words in book.entries if entry
    }
    elsewhere = any(book.elsewhere for book in document.vocabularies.values())
    missing, other = [], []
    for row, entry in enumerate(entries):
        if entry is None:
            continue
        words = wordings.get(entry)
        if words is None:
            missing.append(row)
        elif not values[row]:
            values[row] = words[0] if words else ""
        elif values[row] not in words:
            other.append(row)
    if not elsewhere:
        document.say("dangling-reference", missing, "its vocabulary entry is not in the file; the value is as written")
    document.say("not-in-vocabulary", other, "its value is not that of its vocabulary entry; kept as written")
    return values


def check_values(rows: Rows, document: Document) -> None:
    """An issue for each tier with values that its vocabulary does not hold; empty ones are free."""
    for at, tier in enumerate(document.tiers):
        book = document.vocabularies.get(document.vocabulary_of_kind.get(tier.kind, ""))
        if book is None or book.elsewhere:
            continue
        allowed = {word for _, words in book.entries for word in words} | {""}
        used, times = np.unique(rows.value[document.bounds[at] : document.bounds[at + 1]], return_counts=True)
        strange = {
            rows.values[value]: count
            for value, count in zip(used.tolist(), times.tolist(), strict=True)
            if rows.values[value] not in allowed
        }
        if strange:
            most = sorted(strange, key=lambda value: (-strange[value], value))[:NAMED]
            named = ", ".join(f"“{value[:40]}”" for value in most)
            message = f"{sum(strange.values())} values are not in its vocabulary, such as {named}; kept as written"
            document.note("not-in-vocabulary", f"tier {tier.name}", message)
