"""What every form says where something is missing."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

from django import forms
from django.forms import Field

import attunement_web

FOR_MACHINES = (forms.UUIDField, forms.JSONField)  # made with the page; nobody types them


def all_forms(base: type[forms.BaseForm] = forms.Form) -> Iterator[type[forms.BaseForm]]:
    for one in base.__subclasses__():
        if one.__module__.startswith("attunement_web."):
            yield one
        yield from all_forms(one)


def test_what_is_missing_is_asked_for_in_our_own_words() -> None:
    named = [one.name for one in walk_packages(attunement_web.__path__, "attunement_web.") if ".forms" in one.name]
    for name in named:
        import_module(name)
    django_says = str(Field.default_error_messages["required"])
    asked = {
        f"{form.__name__}.{name}": str(field.error_messages["required"])
        for form in all_forms()
        for name, field in form.base_fields.items()
        if field.required and not isinstance(field, FOR_MACHINES)
    }
    assert len(asked) > 30
    assert [name for name, words in asked.items() if words == django_says] == []
