"""The app's name for Django."""

from django.apps import AppConfig


class Offline(AppConfig):
    name = "attunement_web.offline"
    default_auto_field = "django.db.models.BigAutoField"
