"""What is asked before a copy, and before an erasure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attunement_web.shell.forms import CHOOSE

CHILD, FAMILY = "child", "family"


class WhoseForm(forms.Form):
    """One child, or all that she is guardian of; not asked where there is one."""

    whose = forms.ChoiceField(label=_("Whose record?"), error_messages=CHOOSE, widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["whose"]
        field.choices = choices
        field.initial = choices[0][0]
        if len(choices) == 1:
            field.widget = forms.HiddenInput()


class EraseForm(WhoseForm):
    """The child's name, typed, so that no slip of a finger begins it."""

    name = forms.CharField(
        label=_("Write the name to go on"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
        error_messages={"required": _("Please write the name.")},
    )

    def __init__(self, *args: Any, called: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.called = called

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if " ".join(name.split()).casefold() != " ".join(self.called.split()).casefold():
            raise forms.ValidationError(_("This is not the name as it stands here. Nothing was changed."))
        return name
