"""The app's name for Django."""

from django.apps import AppConfig


class Learning(AppConfig):
    name = "attunement_web.learning"
    default_auto_field = "django.db.models.BigAutoField"
