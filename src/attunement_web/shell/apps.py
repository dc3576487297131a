"""The app's name for Django."""

from django.apps import AppConfig


class Shell(AppConfig):
    name = "attunement_web.shell"
    default_auto_field = "django.db.models.BigAutoField"
