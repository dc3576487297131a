"""The app's name for Django."""

from django.apps import AppConfig


class Caseload(AppConfig):
    name = "attunement_web.caseload"
    default_auto_field = "django.db.models.BigAutoField"
