"""A file as it comes from a browser."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from attunement_web.coding import bridge
from attunement_web.coding.models import LONGEST_NAME

TOO_LARGE = _("This file is larger than %(most)d MB, so we did not read it. Could you cut it into several files?")


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("A coded recording"),
        help_text=_("From ELAN, CHAT, LENA, BORIS, Praat, Datavyu, RTTM, or a table (CSV, Parquet). Up to 64 MB."),
        allow_empty_file=True,  # the reader says what an empty file is
        widget=forms.FileInput(attrs={"accept": bridge.endings()}),
        error_messages={"required": _("Please choose a file first.")},
    )

    @classmethod
    def of(cls, request: HttpRequest) -> FileForm:
        """What was sent; a file beyond the limit was dropped on arrival (site/uploads.py), and the form says so."""
        form = cls(request.POST, request.FILES)
        if "file" in form.errors and int(request.META.get("CONTENT_LENGTH") or 0) > settings.LARGEST_UPLOAD:
            form.errors.clear()
            form.add_error("file", TOO_LARGE % {"most": settings.LARGEST_UPLOAD >> 20})
        return form

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "file" in cleaned:
            cleaned["name"] = plain_name(cleaned["file"].name)
        return cleaned


def plain_name(name: str) -> str:
    """The last part of it, signs that show only, cut in the middle to fit; it is shown and never used as a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign for sign in last if sign.isprintable()).strip() or "recording"
    if len(shown) <= LONGEST_NAME:
        return shown
    ending = PurePosixPath(shown).suffix[:16]
    return shown[: LONGEST_NAME - len(ending) - 1] + "…" + ending
