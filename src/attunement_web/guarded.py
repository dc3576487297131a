"""The manager of a family's table: it refuses to be asked while nobody acts."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

from attunement_web.actor import current

_Row = TypeVar("_Row", bound=models.Model)


class NobodyActs(RuntimeError):
    """A family's table was asked while nobody acts: somewhere it was forgotten to ask who this is."""


class Guarded(models.Manager[_Row]):
    """What Django itself asks on the way to related rows, and what moves or migrates tables, goes by other managers."""

    def get_queryset(self) -> models.QuerySet[_Row]:
        if current().is_nobody:
            raise NobodyActs(
                f"{self.model._meta.label} was asked while nobody acts: ask within `with acting(person.pk):`, or, "
                'where no one person is meant, `with unscoped("why"):` (attunement_web.actor)'
            )
        return super().get_queryset()

    def none(self) -> models.QuerySet[_Row]:
        """Nothing is read for it."""
        return super().get_queryset().none()
