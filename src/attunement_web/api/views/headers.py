"""What every answer below `/api/` says beside its content."""

from __future__ import annotations

from django.conf import settings

HEADERS = {
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def strict_transport() -> list[tuple[str, str]]:
    """Only where the site is reached over HTTPS."""
    if not settings.SECURE_HSTS_SECONDS:
        return []
    return [("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains")]
