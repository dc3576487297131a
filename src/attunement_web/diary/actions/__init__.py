"""What changes about moments: keeping, changing, removing and bringing back. The ledger gets ids and field names only."""

from __future__ import annotations

from attunement_web.diary.actions.changing import CHANGEABLE, change_moment, move_moment
from attunement_web.diary.actions.keys import as_instant, as_key, as_uuid, key_maker, marks
from attunement_web.diary.actions.merging import Edit, Lost, Standing, merge, noted
from attunement_web.diary.actions.noting import CORRECTED_WITHIN, Tap, keep_moments, note_moment
from attunement_web.diary.actions.rebuilding import rebuild_summaries, summaries_that_differ
from attunement_web.diary.actions.removing import BACK_WITHIN, bring_back_moment, forget_removed, remove_moment
from attunement_web.diary.actions.settling import day_is_right, keep_shown, use_version
from attunement_web.diary.actions.tallying import tally
from attunement_web.diary.actions.timing import A_LITTLE_WHILE, EARLIER, NOON, When, when
from attunement_web.diary.actions.writing import standing_moments, write_moments

__all__ = [
    "A_LITTLE_WHILE", "BACK_WITHIN", "CHANGEABLE", "CORRECTED_WITHIN", "EARLIER", "NOON", "Edit", "Lost", "Standing",
    "Tap", "When", "as_instant", "as_key", "as_uuid", "bring_back_moment", "change_moment", "day_is_right",
    "forget_removed", "keep_moments", "keep_shown", "key_maker", "marks", "merge", "move_moment", "note_moment",
    "noted", "rebuild_summaries", "remove_moment", "standing_moments", "summaries_that_differ", "tally", "use_version",
    "when", "write_moments",
]  # fmt: skip
