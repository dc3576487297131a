"""Giving access, and coming in by an invitation without an account."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from attunement_web.accounts.actions import TooManyTries, Try
from attunement_web.accounts.models import User
from attunement_web.families.models import LONGEST, MOST_PURPOSE, USUALLY, Child, Grant, Kind
from attunement_web.families.queries import has_account, is_member

MISSING = {"required": _("Please fill this in.")}
DAY = {"required": _("Please pick the day."), "invalid": _("Please write the day like 2025-03-31.")}


class GiveForm(forms.Form):
    """To whom, what, what for, and until when."""

    called = forms.CharField(
        label=_("Who is it?"),
        help_text=_("As your family says, for example Dr. Bloom. It stands on your page “Who looked”."),
        max_length=80,
        error_messages=MISSING,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation opens for this address alone. Ask for it, and write it as you got it."),
        error_messages={**MISSING, "invalid": _("Please look at the address once more.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What may be seen?"),
        help_text=_("Without “What people wrote, and names” there are only days, times and what we call things."),
        choices=Kind.choices,
        error_messages={"required": _("Please choose one or more.")},
        widget=forms.CheckboxSelectMultiple,
    )
    purpose = forms.CharField(
        label=_("What for?"),
        help_text=_("In your own words. The one you invite reads this."),
        max_length=MOST_PURPOSE,
        error_messages=MISSING,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    until = forms.DateField(
        label=_("Until when?"),
        help_text=_("The last day on which it holds. At most a year from today."),
        error_messages=DAY,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: QueryDict | None = None, *, child: Child) -> None:
        self.child, self.today = child, child.today()
        super().__init__(data, initial={"until": self.today + USUALLY})

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"]).strip().lower()
        if is_member(self.child, address):
            raise forms.ValidationError(_("This person belongs to the family, and sees the record already."))
        return address

    def clean_until(self) -> datetime:
        """The end of that day on the family's clock."""
        day: date = self.cleaned_data["until"]
        if not self.today <= day < self.today + LONGEST:
            raise forms.ValidationError(_("Please pick a day from today to a year from now."))
        return datetime.combine(day + timedelta(days=1), time.min, tzinfo=self.child.zone)

    def clean(self) -> dict[str, Any]:
        kinds = set(self.cleaned_data.get("kinds", ()))
        if Kind.REPORTS in kinds and Kind.WORDS not in kinds:
            words = _("A report holds names from its recording. To share reports, share words and names too.")
            self.add_error("kinds", words)
        return self.cleaned_data


class JoinForm(forms.Form):
    """Somebody new: the address that the invitation was made for, her name, a password."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one to which the family gave this invitation."),
        error_messages={**MISSING, "invalid": _("Please look at the address once more.")},
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
        help_text=_("Ten characters or more. After this we ask for a second key, once."),
        strip=False,
        error_messages=MISSING,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: QueryDict | None = None, *, grant: Grant, machine: str) -> None:
        super().__init__(data)
        self.grant, self.machine = grant, machine

    def clean_email(self) -> str:
        """Who does not know the address guesses ten times; who knows it may learn that it has an account here."""
        address = str(self.cleaned_data["email"]).strip().lower()
        try:
            with Try(invitation=str(self.grant.pk), machine=self.machine) as one:
                if address != self.grant.email:
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
            validate_password(password, User(email=self.grant.email, name=self.cleaned_data.get("name", "")))
        except ValidationError as weak:
            raise forms.ValidationError(
                _("Please take ten characters or more, and nothing that is easy to guess.")
            ) from weak
        return password
