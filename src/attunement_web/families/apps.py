"""The app's name for Django."""

from django.apps import AppConfig


class Families(AppConfig):
    name = "attunement_web.families"
    default_auto_field = "django.db.models.BigAutoField"
