"""The app's name for Django."""

from django.apps import AppConfig


class Today(AppConfig):
    name = "attunement_web.today"
    default_auto_field = "django.db.models.BigAutoField"
