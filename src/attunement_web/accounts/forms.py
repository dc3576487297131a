"""Forms for coming in, and for one's own name, address and password."""

from __future__ import annotations

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attunement_web.accounts import bridge
from attunement_web.accounts.actions import TooManyTries, Try, show_code
from attunement_web.accounts.models import User
from attunement_web.accounts.queries import is_taken

WAIT = _("That were many tries. Please wait a quarter of an hour, then try again.")
MISSING = {"required": _("Please fill this in.")}
KIND = {
    "password_too_short": _("Please take ten characters or more."),
    "password_too_common": _("Many people use this one, so it is easy to guess."),
    "password_too_similar": _("This is close to your name or address, so it is easy to guess."),
}


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


class _Proof(forms.Form):
    """What a person shows once more; ten that do not fit in a quarter of an hour, and she waits."""

    MISFIT = _("This does not fit. Please try again.")

    def __init__(self, data: QueryDict | None = None, *, person: User | None, machine: str) -> None:
        super().__init__(data)
        self.person, self.machine = person, machine

    def fits(self) -> bool:
        """Where nothing is asked, nothing fits."""
        return False

    def clean(self) -> None:
        if self.errors:
            return
        whose = {"person": str(self.person.pk)} if self.person else {}
        try:
            with Try(proofs_from=self.machine, **whose) as one:
                if not self.fits():
                    raise forms.ValidationError(self.MISFIT)
                one.fitted()
        except TooManyTries as many:
            raise forms.ValidationError(WAIT) from many


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


class NewPasskeyForm(forms.Form):
    name = forms.CharField(
        label=_("A name for it"),
        help_text=_("So that you know it again: “my phone”."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.JSONField(widget=forms.HiddenInput, error_messages=MISSING)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        return name or gettext("Passkey")


class AppForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits that the app shows"),
        max_length=20,
        error_messages=MISSING,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class MeForm(forms.Form):
    """A password is asked for only to set a new one."""

    name = forms.CharField(
        label=_("What does your child call you?"),
        help_text=_("It stands beside the moments you note."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("Only to sign in with. We send nothing."),
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=_("Ten characters or more. Leave it empty to keep things as they are."),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: QueryDict | None = None, *, person: User) -> None:
        super().__init__(data, initial={"name": person.name, "email": person.email})
        self.person = person

    @property
    def leaves_ways_in(self) -> bool:
        """Whether the way to sign in stays as it was."""
        return not self.cleaned_data["password"] and self.cleaned_data["email"] == self.person.email

    def clean_email(self) -> str | None:
        email = self.cleaned_data["email"].strip().lower() or None
        if email and is_taken(email, but_by=self.person):
            raise forms.ValidationError(_("Someone else signs in with this address."))
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            typed = User(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email"))
            try:
                validate_password(password, typed)
            except forms.ValidationError as weak:
                raise forms.ValidationError([KIND[found.code or ""] for found in weak.error_list]) from weak
        return password

    def clean(self) -> None:
        if self.cleaned_data.get("password") and not self.cleaned_data.get("email"):
            self.add_error("email", _("To sign in with a password we need an address too."))
