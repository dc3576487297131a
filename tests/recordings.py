"""A kept recording for tests of pages: a small table, read as the site reads it."""

from __future__ import annotations

from functools import cache

from attunement_web.coding import actions, bridge
from attunement_web.coding.models import Recording
from attunement_web.families.models import Child

TABLE = b"onset_ms,offset_ms,tier,code\n" + b"".join(
    b"%d,%d,CHI,coo\n%d,%d,MOT,talk\n" % (at, at + 400, at + 600, at + 900) for at in range(0, 60_000, 1_500)
)


@cache
def read() -> bridge.Read:
    return bridge.read([TABLE], "visit.csv", folder=None)


def kept_recording(child: Child) -> Recording:
    """The same one however often it is asked for."""
    by = child.memberships.earliest("since").user
    recording = actions.show_recording(child=child, name="visit.csv", read=read(), by=by)
    actions.keep_recording(recording=recording, by=by)
    return recording
