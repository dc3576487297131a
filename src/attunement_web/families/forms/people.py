"""Inviting somebody to have a part in children."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from attunement_web.families.forms.offer import OfferForm
from attunement_web.families.models import Child, Role
from attunement_web.shell.forms import CHOOSE


class InviteForm(OfferForm):
    """As what, who, and for which of the children that the inviter guards."""

    role = forms.ChoiceField(
        label=_("As what?"),
        choices=Role.choices,
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )
    children = forms.MultipleChoiceField(
        label=_("For which child?"),
        error_messages={"required": _("Please choose one or more.")},
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, *, child: Child, guarded: Iterable[Child]) -> None:
        super().__init__(data, initial={"children": [str(child.pk)]})
        self.guarded = {str(one.pk): one for one in guarded}
        self.fields["children"].choices = [(key, one.name) for key, one in self.guarded.items()]  # type: ignore[attr-defined]  # a choice field
        self.fields["called"].help_text = _("As your family says, for example Nana.")

    def clean_children(self) -> list[Child]:
        return [self.guarded[key] for key in self.cleaned_data["children"]]
