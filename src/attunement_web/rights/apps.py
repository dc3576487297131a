"""The app's name for Django."""

from django.apps import AppConfig


class Rights(AppConfig):
    name = "attunement_web.rights"
    default_auto_field = "django.db.models.BigAutoField"
