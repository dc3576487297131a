"""Lines of the ledger, the chains that they are in, and the file outside that says how long each chain is."""

from attunement_web.ledger.models.checkpoint import Ends, ends_in, write_ends
from attunement_web.ledger.models.lines import SITE, Chain, Entry, keyed, seal

__all__ = ["SITE", "Chain", "Ends", "Entry", "ends_in", "keyed", "seal", "write_ends"]
