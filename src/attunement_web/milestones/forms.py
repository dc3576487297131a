"""What a family tells of one milestone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from attunement_web.diary.models import Moment
from attunement_web.families.models import Child
from attunement_web.milestones import bridge
from attunement_web.milestones.models import MOST_WORDS, Sighting, Stage
from attunement_web.shell.forms import CHOOSE


class TellForm(forms.Form):
    """`moments` are those that may show it; only they can be chosen."""

    stage = forms.ChoiceField(label=_("Do you see it?"), error_messages=CHOOSE, widget=forms.RadioSelect)
    seen_on = forms.DateField(
        label=_("Since when?"),
        help_text=_("About right is fine. If it is gone: the last day you saw it."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please write the day like 2025-03-31.")},
    )
    moment = forms.TypedChoiceField(label=_("A moment that shows it"), coerce=UUID, empty_value=None, required=False)
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        one: bridge.Milestone,
        child: Child,
        today: date,
        moments: Sequence[Moment],
        told: Sighting | None,
    ) -> None:
        super().__init__(data, initial=_initial(told))
        self.child, self.today = child, today
        named = dict(Stage.choices)
        stage, moment = (cast(forms.ChoiceField, self.fields[name]) for name in ("stage", "moment"))
        stage.choices = [(value, named[value]) for value in bridge.offered(one)]
        moment.choices = [
            ("", _("None")),
            *((str(each.pk), _named(each)) for each in moments),
        ]
        if not moments:
            del self.fields["moment"]

    def clean_seen_on(self) -> date | None:
        seen_on: date | None = self.cleaned_data["seen_on"]
        if seen_on and seen_on > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        if seen_on and seen_on < self.child.born:
            raise forms.ValidationError(_("This day lies before the birthday."))
        return seen_on


def _named(moment: Moment) -> str:
    """Its day and its words, so that it is known again."""
    said = ", ".join(map(bridge.wording, moment.acts))
    words = [date_format(moment.local_day, "j F Y"), bridge.wording(moment.signal)]
    return ": ".join(words) + (f" → {said}" if said else "")


def _initial(told: Sighting | None) -> dict[str, Any]:
    if told is None:
        return {}
    return {
        "stage": told.stage,
        "seen_on": told.seen_on,
        "words": told.words,
        "moment": str(told.moment_id) if told.moment_id else "",
    }
