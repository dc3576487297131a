"""What of each table goes into a family's copy, what stays out and why; every field of ours stands in one of the two.

A table's rows are found by the children (and the family) that a copy is about; `tests/web/rights` walks through all
models, so that a new table or field breaks the build until somebody says here what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True, slots=True)
class About:
    """What a copy, or an erasure, is about: these children; `whole` when they are all of the family."""

    family: UUID
    children: tuple[UUID, ...]
    whole: bool


Find = Callable[[About], Q]


def by_children(path: str) -> Find:
    return lambda about: Q(**{f"{path}__in": about.children})


def _family(about: About) -> Q:
    return Q(pk=about.family)


def _chains(about: About) -> Q:
    return Q(chain__in=[*about.children, about.family] if about.whole else about.children)


def _set_aside(about: About) -> Q:
    """Operations name their child in their text alone; only of people who belonged, as strangers' words are not ours."""
    whose = Q()
    for child in about.children:
        whose |= Q(text__contains=str(child))
    return whose & Q(device__person__in=_members(about))


def _members(about: About) -> QuerySet[Any]:
    return MEMBERSHIPS.table.objects.filter(MEMBERSHIPS.find(about)).values("user")


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One file of a copy. `left_out` gives the reason for each field of the table that is not in it."""

    name: str
    model: str
    fields: tuple[str, ...]
    find: Find
    left_out: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("pk",)
    also: Mapping[str, str] = field(default_factory=dict)  # values of other tables, by the path to them

    @property
    def table(self) -> Any:
        return _table(self.model)

    @property
    def columns(self) -> dict[str, Any]:
        """The model's field by each name in `fields`."""
        return _columns(self)


@cache
def _table(model: str) -> Any:
    return apps.get_model(model)


@cache
def _columns(kind: Kind) -> dict[str, Any]:
    return {name: kind.table._meta.get_field(name) for name in kind.fields}


_SECRET = "lets somebody in; a copy may be lost"
_LINE = ("id", "at", "event", "about_kind", "about_id", "by_id", "facts", "chain", "number", "mac")

FAMILY = Kind(
    "family", "families.Family", ("id", "name", "time_zone", "since", "revision"), _family,
    {"history": "another one on each server, so that phones read afresh"},
)  # fmt: skip
CHILDREN = Kind(
    "children", "families.Child", ("id", "family", "name", "born", "gestation_weeks", "shape", "since"),
    by_children("pk"), {"closed_at": "a record that is closed is not copied, and what comes back is open"},
)  # fmt: skip
MEMBERSHIPS = Kind(
    "memberships", "families.Membership", ("id", "child", "user", "role", "since"), by_children("child"),
)  # fmt: skip
GRANTS = Kind(
    "grants", "families.Grant",
    ("id", "child", "given_by", "called", "email", "person", "kinds", "purpose", "until", "state", "given_at"),
    by_children("child"), {"token_hash": _SECRET, "link_until": "an invitation does not travel to another server"},
)  # fmt: skip
MOMENTS = Kind(
    "moments", "diary.Moment",
    ("id", "child", "noted_by", "noted_at", "happened_at", "local_day", "zone", "offset_minutes", "precision", "signal",
     "asks", "acts", "outcome", "mended", "calm", "with_child", "feeling", "words", "removed_at", "revision",
     "field_revisions", "clock_off_minutes", "changed_at"),
    by_children("child"),
)  # fmt: skip
OTHER_VERSIONS = Kind(
    "other_versions", "diary.OtherVersion",
    ("id", "moment", "field", "value", "by", "revision", "kept_at", "decided_at"), by_children("moment__child"),
)  # fmt: skip
MILESTONES = Kind(
    "milestones", "milestones.Sighting",
    ("id", "child", "milestone", "stage", "seen_on", "words", "moment", "told_by", "told_at"), by_children("child"),
)  # fmt: skip
RECORDINGS = Kind(
    "recordings", "coding.Recording",
    ("id", "child", "name", "format", "sha256", "version", "sessions", "length_ms", "shown", "read_by", "read_at",
     "kept_at", "removed_at"),
    by_children("child"),
)  # fmt: skip
TOKENS = Kind(
    "tokens", "api.Token",
    ("id", "person", "child", "name", "right", "made_at", "expires_at", "ended_at", "last_used"), by_children("child"),
    {"token_hash": _SECRET},
)  # fmt: skip
SET_ASIDE = Kind(
    "set_aside", "sync.Operation", ("device", "seq", "hash", "verdict", "reason", "revision", "text", "at"), _set_aside,
    order=("device", "seq", "hash"), also={"person": "device__person"},
)  # fmt: skip
EARLIER = Kind(
    "ledger_before", "rights.EarlierLine", _LINE, _chains, {"family": "stands in family.jsonl"}, ("chain", "number"),
)  # fmt: skip
LEDGER = Kind("ledger", "ledger.Entry", _LINE, _chains, order=("chain", "number"))

PEOPLE = Kind(
    "people", "accounts.User", ("id", "name", "since"),
    lambda about: Q(pk__in=_members(about)),  # and everybody whom another row names
    {
        "email": "belongs to the person; the family sees names", "password": _SECRET, "last_login": "nobody's hours",
        "is_active": "whether she may sign in on this server",
        "is_practitioner": "how surely she has to sign in on this server",
    },
)  # fmt: skip

# In the order in which they come back: whatever is named stands before what names it.
KINDS = (
    PEOPLE, FAMILY, CHILDREN, MEMBERSHIPS, GRANTS, MOMENTS, OTHER_VERSIONS, MILESTONES, RECORDINGS, TOKENS, SET_ASIDE,
    EARLIER, LEDGER,
)  # fmt: skip

# Tables of which no copy holds anything, each with its reason.
NOT_COPIED = {
    "families.Invitation": "does not travel to another server; the part that it led to stands in memberships",
    "diary.DaySummary": "adds up what the moments say, and is built anew from them",
    "sync.Device": "says which phone was used when, which one parent has no need to know of the other",
    "accounts.SignInLink": _SECRET,
    "accounts.Device": "sign-ins: they let somebody in, and say who was where when",
    "accounts.WrongTry": "hashes that forget themselves within the hour, of nobody in particular",
    "ledger.Chain": "where the ledger of this server ends",
    "rights.Erasure": "the ids of what was erased here",
}


def of_ours() -> list[type[Model]]:
    """Every model of our own apps."""
    return [model for model in apps.get_models() if model.__module__.startswith("attunement_web.")]
