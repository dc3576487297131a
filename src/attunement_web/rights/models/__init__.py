"""What was asked to be erased, and lines of the ledger that came with a record from another server."""

from attunement_web.rights.models.asked import WEEK, Erasure
from attunement_web.rights.models.earlier import EarlierLine

__all__ = ["WEEK", "EarlierLine", "Erasure"]
