"""What a practitioner's page is asked for in its address."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import QueryDict


class AfterForm(forms.Form):
    """The moment after which a page of the timeline begins; what is no id is as if nothing was asked."""

    after = forms.UUIDField(required=False)

    @classmethod
    def asked(cls, data: QueryDict) -> UUID | None:
        form = cls(data)
        return form.cleaned_data["after"] if form.is_valid() else None
