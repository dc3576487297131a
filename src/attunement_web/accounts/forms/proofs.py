"""Forms in which somebody shows who she is; ten that do not fit in a quarter of an hour, and she waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from attunement_web.accounts import bridge
from attunement_web.accounts.actions import TooManyTries, Try, show_code
from attunement_web.accounts.models import User

WAIT = _("That were many tries. Please wait a quarter of an hour, then try again.")
MISFIT = _("This does not fit. Please try again.")
MISSING = {"required": _("Please fill this in.")}


class SignInForm(forms.Form):
    """E-mail and password; says the same whether or not the address is known."""

    email = forms.EmailField(
        label=_("E-mail"),
        error_messages=MISSING,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages=MISSING,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, data: QueryDict | None = None, *, machine: str) -> None:
        super().__init__(data)
        self.machine = machine
        self.person: User | None = None

    def clean(self) -> None:
        if self.errors:
            return
        email, password = self.cleaned_data["email"].strip().lower(), self.cleaned_data["password"]
        try:
            with Try(address=email, machine=self.machine) as one:
                self.person = authenticate(username=email, password=password)
                if self.person is None:
                    raise forms.ValidationError(_("This address and password do not fit together. Please try again."))
                one.fitted()
        except TooManyTries as many:
            raise forms.ValidationError(WAIT) from many


def prove(fits: Callable[[], bool], *, person: User | None, machine: str, misfit: Any) -> None:
    """Counts a try of this person from this machine. Raises ValidationError when it does not fit, or was one too many."""
    whose = {"person": str(person.pk)} if person else {}
    try:
        with Try(proofs_from=machine, **whose) as one:
            if not fits():
                raise forms.ValidationError(misfit)
            one.fitted()
    except TooManyTries as many:
        raise forms.ValidationError(WAIT) from many


class _Proof(forms.Form):
    """What a person shows once more; ten that do not fit in a quarter of an hour, and she waits."""

    MISFIT = MISFIT

    def __init__(self, data: QueryDict | None = None, *, person: User | None, machine: str) -> None:
        super().__init__(data)
        self.person, self.machine = person, machine

    def fits(self) -> bool:
        """Where nothing is asked, nothing fits."""
        return False

    def clean(self) -> None:
        if self.errors:
            return
        prove(self.fits, person=self.person, machine=self.machine, misfit=self.MISFIT)


class PasswordForm(_Proof):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages=MISSING,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def fits(self) -> bool:
        return self.person is not None and self.person.check_password(self.cleaned_data["password"])


class CodeForm(_Proof):
    """A code of the authenticator app, or a recovery code; `way` says which."""

    MISFIT = _("This code does not fit. A code of the app lasts half a minute; a recovery code works once.")
    way = ""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("The six digits that your app shows now, or one of your recovery codes."),
        max_length=20,
        error_messages=MISSING,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def fits(self) -> bool:
        self.way = (self.person and show_code(person=self.person, code=self.cleaned_data["code"])) or ""
        return bool(self.way)


class CredentialForm(_Proof):
    """What the browser signed with a passkey; `shown` is whose it is."""

    MISFIT = _("This passkey does not fit here. Please try again, or come in another way.")
    shown: User | None = None

    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean(self) -> None:
        if self.errors:
            self.errors.clear()
            raise forms.ValidationError(self.MISFIT)
        super().clean()

    def fits(self) -> bool:
        self.shown = bridge.passkey_shown(self.cleaned_data["credential"], person=self.person)
        return self.shown is not None
