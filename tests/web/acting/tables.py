"""Which tables hold nothing of a family, each with its reason; every other table is guarded."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

NO_FAMILYS = {
    "accounts.User": "a person's own row, read to know who this is before anybody acts",
    "accounts.Device": "a person's own sign-ins, read for the same",
    "accounts.SignInLink": "a person's own way in, looked for by its hash before anybody acts",
    "accounts.WrongTry": "hashes of tries that did not fit, of nobody in particular",
    "ledger.Chain": "where each chain of seals ends: ids, counts and seals; sign-ins add to the site's own",
    "sync.Device": "numbers of phones and whose they are, so that one person's phone is never taken for another's",
}


def ours() -> list[type[Model]]:
    """Every table of our own apps, those that join two others included."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if _app(model).startswith("attunement_web.")]


def _app(model: type[Model]) -> str:
    return model._meta.app_config.name if model._meta.app_config else ""
