"""The app's name for Django."""

from django.apps import AppConfig


class Milestones(AppConfig):
    name = "attunement_web.milestones"
    default_auto_field = "django.db.models.BigAutoField"
