"""What a corpus is cut into, the rule it is measured by, and the tables that each part gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from attunement import __version__
from attunement.corpus.flat import MEASURES
from attunement.errors import Issue, Severity
from attunement.measures import WINDOW_MS
from attunement.schemes import Scheme

Kinds = Mapping[str, pl.DataType]

ITEM = "_item"  # the item that a row comes from; only inside the journal
ABOUT: Kinds = {
    "file": pl.String(), "sha256": pl.String(), "format": pl.String(), "scheme": pl.String(), "scheme_version": pl.String(),
    "attunement": pl.String(), "window_ms": pl.Int64(), "duration_ms": pl.Int64(), "observed_ms": pl.Int64(),
    "events": pl.Int64(), "measured": pl.Boolean(),
}  # fmt: skip
ISSUES: Kinds = {
    "code": pl.String(), "severity": pl.String(), "place": pl.String(), "message": pl.String(), "times": pl.Int64(),
}  # fmt: skip
FILE_KEYS: Kinds = {"session": pl.String()}


@dataclass(frozen=True, slots=True)
class Rule:
    """How everything is counted; `scheme` None: for each file the built-in one that knows most of it."""

    scheme: str | None = None
    window_ms: int = WINDOW_MS
    despite_issues: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A file, or a stretch of a table, and what tells that it has changed since."""

    name: str
    size: int
    changed_ns: int

    @property
    def tag(self) -> str:
        return f"{self.changed_ns} {self.size} {self.name}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a part gave: a row a session, a row an issue; columns ITEM, file, the keys, then ABOUT and MEASURES or ISSUES."""

    rows: pl.DataFrame
    issues: pl.DataFrame


class Part(Protocol):
    """Whole sessions that are measured together; a value that can be sent to another process or machine."""

    @property
    def items(self) -> tuple[Item, ...]: ...

    def measure(self, rule: Rule) -> Found: ...

    def alone(self) -> Sequence[Part]:
        """The same in the smallest parts, to find the one that cannot be measured."""

    def given_up(self, why: str) -> Found:
        """What is said of a part that cannot be measured even alone. Raises NotReadable where nothing is left then."""


class Engine(Protocol):
    """Measures parts somewhere. Answers with each part in any order, and what it gave, or one sentence why it gave nothing.

    A part that gave nothing may be innocent: others were measured beside it.
    """

    def __call__(self, parts: Sequence[Part], rule: Rule) -> Iterator[tuple[Part, Found | str]]: ...


def row_kinds(keys: Kinds) -> Kinds:
    return {
        ITEM: pl.String(),
        "file": pl.String(),
        **keys,
        **{k: v for k, v in ABOUT.items() if k != "file"},
        **MEASURES,
    }


def issue_kinds(keys: Kinds) -> Kinds:
    return {ITEM: pl.String(), "file": pl.String(), **keys, **ISSUES}


def issue_row(item: Item, file: str, issue: Issue, *, session: str | None = None) -> dict[str, object]:
    return {
        ITEM: item.tag, "file": file, "session": session, "code": issue.code, "severity": str(issue.severity),
        "place": issue.place, "message": issue.message, "times": 1,
    }  # fmt: skip


def forbids(issues: Iterable[Issue], rule: Rule) -> bool:
    return not rule.despite_issues and any(issue.severity is Severity.ERROR for issue in issues)


def rule_columns(by: Scheme, rule: Rule) -> dict[str, pl.Expr]:
    """The columns that say by which rule the numbers of a row were made."""
    return {
        "scheme": pl.lit(by.name), "scheme_version": pl.lit(by.version), "attunement": pl.lit(__version__),
        "window_ms": pl.lit(rule.window_ms, pl.Int64),
    }  # fmt: skip


def in_order(frame: pl.DataFrame, kinds: Kinds) -> pl.DataFrame:
    """The columns of `kinds`, all of them, null where the frame has none."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in kinds.items()
    )
