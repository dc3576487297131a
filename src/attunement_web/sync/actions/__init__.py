"""What changes when phones send: each operation once, all of a push or nothing, many pushes in one commit."""

from __future__ import annotations

from attunement_web.sync.actions.committing import Committer
from attunement_web.sync.actions.pushing import Prepared, push, push_prepared, read_items
from attunement_web.sync.actions.reading import Item
from attunement_web.sync.actions.values import Push, Reply, Result

__all__ = ["Committer", "Item", "Prepared", "Push", "Reply", "Result", "push", "push_prepared", "read_items"]
