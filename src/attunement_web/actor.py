"""Who acts: nobody until somebody is known, then people, or everything for a reason that is written down (docs/adr/0021).

    with acting(person.pk):             the records to which these people belong
    with unscoped("the nightly job"):   every record; tests/architecture lists each such place with its reason

A family's tables have `Guarded` managers, which refuse to be asked while nobody acts. PostgreSQL is told who acts as
well, and hides all other rows from whatever asks (site/postgresql).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Several people at once where their work shares one commit. `reason`: why everything, and not only theirs."""

    people: frozenset[UUID] = frozenset()
    reason: str = ""
    is_coming: bool = False  # a request, in which somebody may be recognised, sign in or leave

    @property
    def is_nobody(self) -> bool:
        return not self.people and not self.reason


NOBODY = Actor()
_acts: ContextVar[Actor] = ContextVar("acts", default=NOBODY)  # a new thread begins so
current = _acts.get


@contextmanager
def acting(*people: UUID) -> Iterator[None]:
    """These people act; without any, nobody does."""
    return _being(Actor(frozenset(people)))


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """Everything is read. Only where no person's rights can be meant; the reason says why."""
    if not reason:
        raise ValueError("say why everything has to be read here")
    return _being(Actor(reason=reason))


@contextmanager
def coming() -> Iterator[None]:
    """A request begins: nobody acts, until `become`."""
    return _being(Actor(is_coming=True))


def become(*people: UUID) -> None:
    """From here to the end of the request these people act; outside of one, whoever acts goes on."""
    here = current()
    if here.is_coming:
        _acts.set(replace(here, people=frozenset(people)))


def _being(actor: Actor) -> Iterator[None]:
    before = _acts.set(actor)
    try:
        yield
    finally:
        _acts.reset(before)
