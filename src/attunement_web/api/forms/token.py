"""The form that makes a token."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from attunement_web.api.models import Right
from attunement_web.shell.forms import CHOOSE

LASTS = [("30", _("30 days")), ("90", _("3 months")), ("365", _("A year"))]  # a year is the most


class TokenForm(forms.Form):
    """`id` is made with the page, so that a page sent twice makes one key."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Which program is it for?"),
        help_text=_("For example: the button by the crib."),
        max_length=60,
        error_messages={"required": _("Please write a name, so that you know it again.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    right = forms.ChoiceField(
        label=_("What may it do?"),
        choices=Right.choices,
        initial=Right.READ,
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )
    lasts = forms.ChoiceField(
        label=_("For how long?"), choices=LASTS, initial="90", error_messages=CHOOSE, widget=forms.RadioSelect
    )

    def clean_lasts(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["lasts"]))
