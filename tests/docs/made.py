"""What in the docs is made by the project itself; `python -m tests.docs` makes it anew, and the tests compare."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import django
from tests.docs import measures_page
from tests.docs.shown import with_code_run, with_commands_run

from attunement import formats

ROOT = Path(__file__).resolve().parents[2]
VISIT = ROOT / "docs/tutorials/visit.eaf"
SCORE = Path(__file__).with_name("visit.csv")  # written by hand and dice: a made-up visit
FIRST_RECORDING = ROOT / "docs/tutorials/first-recording.md"
FROM_PYTHON = ROOT / "docs/tutorials/from-python.md"
MEASURES = ROOT / "docs/reference/measures.md"
OPENAPI = ROOT / "docs/reference/openapi.json"


def visit() -> bytes:
    """The tutorials' recording as ELAN would keep it."""
    return formats.written(formats.read(SCORE).session, VISIT.name, on=datetime(2026, 1, 1, tzinfo=UTC))


def first_recording() -> str:
    with _folder() as folder:
        return with_commands_run(FIRST_RECORDING.read_text(encoding="utf-8"), Path(folder))


def from_python() -> str:
    with _folder() as folder:
        return with_code_run(FROM_PYTHON.read_text(encoding="utf-8"), Path(folder))


def measures() -> str:
    return measures_page.made(MEASURES.read_text(encoding="utf-8"))


def openapi() -> str:
    """The API's own document, from its code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attunement_web.site.settings")
    django.setup()
    from attunement_web.api.views.v1 import api

    return json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), indent=2) + "\n"


def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder in which nothing lies but the recording."""
    folder = tempfile.TemporaryDirectory(prefix="attunement-docs-")
    shutil.copy(VISIT, folder.name)
    return folder
