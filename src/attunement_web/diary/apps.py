"""The app's name for Django."""

from django.apps import AppConfig


class Diary(AppConfig):
    name = "attunement_web.diary"
    default_auto_field = "django.db.models.BigAutoField"
