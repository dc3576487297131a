"""The app's name for Django."""

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "attunement_web.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from attunement_web.accounts.actions.devices import begin_device

        user_logged_in.connect(begin_device, dispatch_uid="attunement.device")
