"""The app's name for Django, and how its keys end with a person's other ways in."""

from django.apps import AppConfig


class Api(AppConfig):
    name = "attunement_web.api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from attunement_web.accounts.models import KINDS, Keys
        from attunement_web.api.actions import end_tokens_of
        from attunement_web.api.queries import open_tokens_of

        KINDS.append(Keys(count=open_tokens_of, end=end_tokens_of))
