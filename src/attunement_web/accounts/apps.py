"""The app's name for Django."""

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "attunement_web.accounts"
    default_auto_field = "django.db.models.BigAutoField"
