"""Forms about a child."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from attunement_web.families.bridge import BORN_EARLY_BELOW_WEEKS
from attunement_web.families.models import FEWEST_WEEKS, Child, Membership, Shape
from attunement_web.shell.forms import CHOOSE

OLDEST_YEARS = 6  # we are for birth to three; an older birthday is most likely a slip


def _weeks() -> list[tuple[str, Any]]:
    early = range(BORN_EARLY_BELOW_WEEKS - 1, FEWEST_WEEKS - 1, -1)
    on_time = _("On time, or we are not sure")
    return [("", on_time), *((str(n), ngettext_lazy("After %d week", "After %d full weeks", n) % n) for n in early)]


class ChildForm(forms.Form):
    name = forms.CharField(
        label=_("What do you call your child?"),
        max_length=80,
        error_messages={"required": _("Please write the name, or what you call your child.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    born = forms.DateField(
        label=_("Birthday"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please pick the day."),
            "invalid": _("Please write the day like 2025-03-31."),
        },
    )
    gestation_weeks = forms.TypedChoiceField(
        label=_("Born early?"),
        help_text=_("If so, we count age from the due date too, until the second birthday."),
        choices=_weeks,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages=CHOOSE,
    )
    shape = forms.ChoiceField(
        label=_("A picture beside the name"),
        choices=Shape.choices,
        initial=Shape.MOON,
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )

    @classmethod
    def about(cls, child: Child) -> dict[str, Any]:
        """What the form shows first for a child we know."""
        return {"name": child.name, "born": child.born, "gestation_weeks": child.gestation_weeks, "shape": child.shape}

    def clean_born(self) -> date:
        born: date = self.cleaned_data["born"]
        today = self.today()
        if born > today:
            raise forms.ValidationError(_("This day has not come yet. Which day was your child born?"))
        if born.year < today.year - OLDEST_YEARS:
            raise forms.ValidationError(_("Attunement is for birth to three. Is the year right?"))
        return born

    def today(self) -> date:
        """On the family's clock, which `child_or_404` set."""
        return timezone.localdate()


class NewChildForm(ChildForm):
    """`page` is an id made with the form, so that a form sent twice makes one child."""

    page = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class PlaceForm(forms.Form):
    time_zone = forms.ChoiceField(
        label=_("Where you live"),
        help_text=_("So that a day begins at your midnight."),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
        initial=lambda: settings.TIME_ZONE,
        error_messages=CHOOSE,
    )


class StartForm(NewChildForm, PlaceForm):
    field_order = ("time_zone",)  # read first: it says which day it is for this family

    your_name = forms.CharField(
        label=_("What does your child call you?"),
        help_text=_("It stands beside the moments you note. You can leave it empty."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("Mama, Papa, Nana …")}),
    )

    def today(self) -> date:
        zone = self.cleaned_data.get("time_zone")  # absent where it is no zone, and then asked for again
        return timezone.localdate(timezone=ZoneInfo(zone) if zone else None)


class SiblingForm(NewChildForm):
    """Another child, with whom of the people around the first one; nobody is ticked beforehand."""

    with_people = forms.MultipleChoiceField(
        label=_("Who belongs here too?"),
        help_text=_("Whoever you tick gets the same part here. You cannot end another guardian’s part later."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(part.user_id): part for part in people}
        nameless = _("Somebody without a name yet")
        self.fields["with_people"].choices = [  # type: ignore[attr-defined]  # a choice field
            (key, f"{part.user.name or nameless} ({part.get_role_display()})") for key, part in self.people.items()
        ]

    def clean_with_people(self) -> list[Membership]:
        return [self.people[key] for key in self.cleaned_data["with_people"]]
