"""For the phone's offline part: who is here."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["phone"])
