"""Forms for coming in, and for one's own name, address and password."""

from __future__ import annotations

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from attunement_web.accounts.actions import note_wrong_try
from attunement_web.accounts.models import User
from attunement_web.accounts.queries import is_taken, too_many_tries

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
        email, password = self.cleaned_data["email"], self.cleaned_data["password"]
        if too_many_tries(email=email, machine=self.machine):
            raise forms.ValidationError(_("That were many tries. Please wait a quarter of an hour, then try again."))
        self.person = authenticate(username=email.strip().lower(), password=password)
        if self.person is None:
            note_wrong_try(email=email, machine=self.machine)
            raise forms.ValidationError(_("This address and password do not fit together. Please try again."))


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
