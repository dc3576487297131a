"""What is done for a family that asks: a copy begun, a copy brought in, an erasure asked for, undone, carried out."""

from attunement_web.rights.actions.bringing import Brought, bring_in
from attunement_web.rights.actions.erasing import ask_erasure, erase_again, erase_due, undo_erasure
from attunement_web.rights.actions.taking import TooManyCopies, begin_copy
from attunement_web.rights.reading import share_erased

__all__ = [
    "Brought", "TooManyCopies", "ask_erasure", "begin_copy", "bring_in", "erase_again", "erase_due",
    "share_erased", "undo_erasure",
]  # fmt: skip
