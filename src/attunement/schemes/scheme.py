"""A coding scheme as a value: its codes, who may do them, what fits what, what matches what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

import numpy as np

from attunement.clock import Span
from attunement.errors import Issue
from attunement.events import Bools, Events, Ints, Session


class Function(StrEnum):
    """What a signal asks for, or an act serves."""

    CONNECT = "connect"
    COMFORT = "comfort"
    BREAK = "break"  # give me space
    EXPLORE = "explore"
    ANY = "any"


Role = Literal["child", "caregiver", "dyad", "other"]
Kind = Literal["signal", "act", "miss", "outcome", "other"]


@dataclass(frozen=True, slots=True)
class Code:
    """One thing that can be coded or noted. `from_month` and `to_month` bound the ages at which it is usual."""

    id: str
    role: Role
    kind: Kind
    function: Function | None = None
    upset: bool = False
    sound: bool = False  # a sound that can take a turn: speech-like, not a cry, cough or burp
    from_month: int = 0
    to_month: int = 36
    wording: str = ""
    clinical: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of tiers that `tier` matches, whose dependent rows match `under`, become `code` by `actor`.

    value: what the row's own value has to match, if anything. kind: the same for the tier's kind, such as CHAT's role.
    In `under`, {child} stands for the names of those tiers whose actor is "child".
    """

    tier: re.Pattern[str]
    under: Mapping[str, re.Pattern[str]]
    actor: str
    code: str
    role: Role | None = None
    value: re.Pattern[str] | None = None
    kind: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Endings:
    """Which outcome codes mean what, and which acts mend."""

    settled_together: frozenset[str] = frozenset()
    settled_alone: frozenset[str] = frozenset()
    unresolved: frozenset[str] = frozenset()
    good: frozenset[str] = frozenset()
    mends: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)  # one scheme is itself alone: it can be a key, and its masks are kept
class Scheme:
    """Codes in a fixed order; every mask and matrix below is indexed by that order.

    fits: (codes, codes) [signal, act]; matches: (codes, codes) [child's, caregiver's], both boolean.
    known_by: tiers that stand together only in files of its kind; none where nothing tells them so surely.
    """

    name: str
    version: str
    title: str
    about: str
    codes: tuple[Code, ...]
    rules: tuple[Rule, ...]
    skipped_tiers: tuple[re.Pattern[str], ...]
    observed_tiers: tuple[re.Pattern[str], ...]
    endings: Endings
    fits: Bools
    matches: Bools
    known_by: tuple[re.Pattern[str], ...] = ()

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(code.id for code in self.codes)

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Where each code id stands in `codes`."""
        return {code: place for place, code in enumerate(self.ids)}

    def __getitem__(self, code_id: str) -> Code:
        return self.codes[self.at[code_id]]

    @cached_property
    def is_signal(self) -> Bools:
        return np.array([code.kind == "signal" for code in self.codes], np.bool_)

    @cached_property
    def is_act(self) -> Bools:
        """Acts of a caregiver that can answer: a noted miss is none."""
        return np.array([code.kind == "act" for code in self.codes], np.bool_)

    @cached_property
    def is_upset(self) -> Bools:
        return np.array([code.upset for code in self.codes], np.bool_)

    @cached_property
    def is_sound(self) -> Bools:
        return np.array([code.sound for code in self.codes], np.bool_)

    def by_role(self, role: Role) -> Bools:
        return np.array([code.role == role for code in self.codes], np.bool_)

    def with_function(self, function: Function) -> Bools:
        return np.array([code.function == function for code in self.codes], np.bool_)

    def among(self, ids: frozenset[str]) -> Bools:
        """Mask (codes,) of the codes named in `ids`."""
        return np.array([code in ids for code in self.ids], np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Coding:
    """A session read with a scheme. `events.codes` are the scheme's codes in the scheme's order.

    observed: the stretches that were watched and coded; their length is `events.observed_ms`.
    rows: (n,) the row of the session that each event comes from. session: what was read, where it is at hand; LENA's own
    count needs what no scheme takes over. unknown: how many rows the scheme does not know, beside those that it leaves out.
    """

    events: Events
    scheme: Scheme
    observed: tuple[Span, ...]
    issues: tuple[Issue, ...]
    rows: Ints
    session: Session | None = None
    unknown: int = 0
