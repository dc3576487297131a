"""The app's name for Django."""

from django.apps import AppConfig


class Ledger(AppConfig):
    name = "attunement_web.ledger"
    default_auto_field = "django.db.models.BigAutoField"
