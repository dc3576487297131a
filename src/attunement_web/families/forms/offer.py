"""To whom something is offered, and coming in by its link without an account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from attunement_web.accounts.actions import TooManyTries, Try
from attunement_web.accounts.models import User
from attunement_web.families.models import Grant, Offer
from attunement_web.families.queries import has_account

MISSING = {"required": _("Please fill this in.")}
ADDRESS = {**MISSING, "invalid": _("Please look at the address once more.")}


@contextmanager
def one_more_offer(person: User) -> Iterator[None]:
    """Whatever comes of it, it counts. Raises ValidationError where it is one too many for a quarter of an hour."""
    try:
        with Try(offers_of=str(person.pk)):
            yield
    except TooManyTries as many:
        raise ValidationError(_("These were many at once. Please wait a quarter of an hour, then go on.")) from many


class OfferForm(forms.Form):
    """Somebody by name and address."""

    called = forms.CharField(
        label=_("Who is it?"),
        max_length=80,
        error_messages=MISSING,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation opens for this address alone. Ask for it, and write it as you got it."),
        error_messages=ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class JoinForm(forms.Form):
    """Somebody new: the address that the link was made for, her name, a password."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one to which the family gave this invitation."),
        error_messages=ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        error_messages=MISSING,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("A password"),
        strip=False,
        error_messages=MISSING,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: QueryDict | None = None, *, offer: Offer, machine: str) -> None:
        super().__init__(data)
        self.offer, self.machine = offer, machine
        self.fields["password"].help_text = (
            _("Ten characters or more. After this we ask for a second key, once.")
            if isinstance(offer, Grant)
            else _("Ten characters or more.")
        )

    def clean_email(self) -> str:
        """Who does not know the address guesses ten times; who knows it may learn that it has an account here."""
        address = str(self.cleaned_data["email"]).strip().lower()
        try:
            with Try(invitation=str(self.offer.pk), machine=self.machine) as one:
                if address != self.offer.email:
                    raise forms.ValidationError(_("This invitation was made for another address."))
                one.fitted()
        except TooManyTries as many:
            raise forms.ValidationError(_("That were many tries. Please wait a quarter of an hour.")) from many
        if has_account(address):
            raise forms.ValidationError(_("You have an account here already. Please sign in with it, above."))
        return address

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, User(email=self.offer.email, name=self.cleaned_data.get("name", "")))
        except ValidationError as weak:
            raise forms.ValidationError(
                _("Please take ten characters or more, and nothing that is easy to guess.")
            ) from weak
        return password
