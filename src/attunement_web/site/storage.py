"""Static files under hashed names, compressed, with module imports rewritten to those names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import "./x.js";` too (the semicolon matters to Django's pattern)."""

    support_js_module_import_aggregation = True
    keep_only_hashed_files = True


def collect_when_changed() -> None:
    """Collect static files, unless those collected last time are still the ones we have."""
    stamp = Path(str(settings.STATIC_ROOT)) / "collected-from"
    now = _fingerprint()
    if stamp.is_file() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def _fingerprint() -> str:
    """Changes with any static file's name, length or time of change, and with the version of Django that hashes them."""
    found = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            found.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
