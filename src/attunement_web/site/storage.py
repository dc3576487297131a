"""Static files under hashed names, compressed, with module imports rewritten to those names."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import "./x.js";` too (the semicolon matters to Django's pattern)."""

    support_js_module_import_aggregation = True
