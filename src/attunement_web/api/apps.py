"""The app's name for Django."""

from django.apps import AppConfig


class Api(AppConfig):
    name = "attunement_web.api"
    default_auto_field = "django.db.models.BigAutoField"
