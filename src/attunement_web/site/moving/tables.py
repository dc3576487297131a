"""Which tables move: all, but for those that a reviewed list leaves behind."""

from __future__ import annotations

from django.apps import apps
from django.db import models

LEFT_BEHIND = {
    "contenttypes.ContentType": "each database makes its own when its tables are made, and nothing of ours points there",
    "auth.Permission": "made like the content types, and of no use here: rights follow from belonging to a family",
    "auth.Group": "this site knows no groups",
    "auth.Group_permissions": "this site knows no groups",
}


def moved() -> list[type[models.Model]]:
    """Every model with a table of its own, in the order of their tables' names."""
    every = [model for model in apps.get_models(include_auto_created=True) if _has_table(model)]
    return sorted(
        (model for model in every if model._meta.label not in LEFT_BEHIND), key=lambda model: model._meta.db_table
    )


def _has_table(model: type[models.Model]) -> bool:
    return model._meta.managed and not model._meta.proxy
