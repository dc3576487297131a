"""Giving access to a practitioner."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from attunement_web.families.forms.offer import MISSING, OfferForm
from attunement_web.families.models import LONGEST, MOST_PURPOSE, USUALLY, Child, Kind
from attunement_web.families.queries import is_member

DAY = {"required": _("Please pick the day."), "invalid": _("Please write the day like 2025-03-31.")}


class GiveForm(OfferForm):
    """To whom, what, what for, and until when."""

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
        self.fields["called"].help_text = _(
            "As your family says, for example Dr. Bloom. It stands on your page “Who looked”."
        )

    def clean_email(self) -> str:
        address = super().clean_email()
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
