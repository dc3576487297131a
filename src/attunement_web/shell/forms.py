"""How a form is drawn: our own fragments instead of Django's."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """`{{ form.name.as_field_group }}` is `shell/_field.html`."""

    field_template_name = "shell/_field.html"
