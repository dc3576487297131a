"""How a form is drawn and what it asks: our own fragments and words instead of Django's."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

CHOOSE = {"required": _("Please choose one."), "invalid_choice": _("Please choose one.")}


class Renderer(TemplatesSetting):
    """`{{ form.name.as_field_group }}` is `shell/_field.html`."""

    field_template_name = "shell/_field.html"
