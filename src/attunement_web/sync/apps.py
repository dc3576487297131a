"""The app's name for Django."""

from django.apps import AppConfig


class Sync(AppConfig):
    name = "attunement_web.sync"
    default_auto_field = "django.db.models.BigAutoField"
