"""Forms for one's own passkeys and app, and for name, address and password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attunement_web.accounts.actions import TooManyTries, Try
from attunement_web.accounts.forms.proofs import MISFIT, MISSING, WAIT, prove
from attunement_web.accounts.models import User
from attunement_web.accounts.queries import is_taken, keys_of

KIND = {
    "password_too_short": _("Please take ten characters or more."),
    "password_too_common": _("Many people use this one, so it is easy to guess."),
    "password_too_similar": _("This is close to your name or address, so it is easy to guess."),
}


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
    """A new password takes the one from before, but not from who came in by a link because she forgot it.

    A field that was not sent at all leaves things as they are; an empty one is an answer.
    """

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
    current = forms.CharField(
        label=_("Password as it is now"),
        help_text=_("Only to set a new one. Forgotten? A new one-time link lets you in, and then we do not ask."),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=_("Ten characters or more. Leave it empty to keep things as they are."),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    ends_keys = forms.BooleanField(
        label=_("With a new password, end my keys for other programs too"),
        help_text=_(
            "Whoever knew the old one may have made a key. A program whose key ended stops until you make a new one."
        ),
        required=False,
        initial=True,
    )

    def __init__(self, data: QueryDict | None = None, *, person: User, machine: str, forgot: bool) -> None:
        super().__init__(data, initial={"name": person.name, "email": person.email})
        self.person, self.machine, self.is_proof = person, machine, False
        if not keys_of(person):
            del self.fields["ends_keys"]
        if forgot or not person.has_usable_password():
            del self.fields["current"]

    @property
    def wanted(self) -> dict[str, Any]:
        asked = {name: self.cleaned_data[name] for name in ("name", "email", "password")}
        return {**asked, "ends_keys": self.cleaned_data.get("ends_keys", False)}

    @property
    def leaves_ways_in(self) -> bool:
        """Whether the way to sign in stays as it was."""
        return not self.cleaned_data["password"] and self.cleaned_data["email"] == self.person.email

    def finds_it_free(self) -> bool:
        """Whether the address is nobody else's; to be asked once it is sure who asks.

        The answer tells who has an account here, so each other address counts, free ones too: ten in a quarter of an hour.
        """
        email = self.cleaned_data["email"]
        if not email or email == self.person.email:
            return True
        try:
            with Try(addresses_of=str(self.person.pk), addresses_from=self.machine):
                if is_taken(email, but_by=self.person):
                    self.add_error("email", _("Someone else signs in with this address."))
        except TooManyTries:
            self.add_error("email", WAIT)
        return not self.errors

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"] if "name" in self.data else self.person.name
        return name

    def clean_email(self) -> str | None:
        if "email" not in self.data:
            return self.person.email
        email = self.cleaned_data["email"].strip().lower() or None
        if not email and self.person.email and self.person.has_usable_password():
            raise forms.ValidationError(
                _("You sign in with this address, so one stays here. You can put another in its place.")
            )
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
        if self.cleaned_data.get("password") and "email" not in self.errors and not self.cleaned_data.get("email"):
            self.add_error("email", _("To sign in with a password we need an address too."))
        if self.cleaned_data.get("password") and "current" in self.fields and not self.errors:
            self._prove_current()

    def _prove_current(self) -> None:
        current = self.cleaned_data["current"]
        if not current:
            return self.add_error("current", _("To set a new password, please type the one from before as well."))
        try:
            prove(lambda: self.person.check_password(current), person=self.person, machine=self.machine, misfit=MISFIT)
        except forms.ValidationError as error:
            return self.add_error("current", error)
        self.is_proof = True
