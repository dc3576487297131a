"""All that the kit asks of the library: what to offer while noting, how a moment reads, what helps and whom to call."""

from __future__ import annotations

from attunement_web.offline.bridge.helping import ask, ideas, urgent_help
from attunement_web.offline.bridge.noting import codes, offered, reading

__all__ = ["ask", "codes", "ideas", "offered", "reading", "urgent_help"]
