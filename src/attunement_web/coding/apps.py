"""The app's name for Django."""

from django.apps import AppConfig


class Coding(AppConfig):
    name = "attunement_web.coding"
    default_auto_field = "django.db.models.BigAutoField"
