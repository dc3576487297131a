"""What changes when phones send: each operation once, all of a push or nothing, many pushes in one commit."""

from __future__ import annotations

from attunement_web.sync.actions.committing import Committer
from attunement_web.sync.actions.pushing import push
from attunement_web.sync.actions.values import Push, Reply, Result

__all__ = ["Committer", "Push", "Reply", "Result", "push"]
