"""All that a reader says of a file, as a value that can be compared."""

from __future__ import annotations

from attunement.errors import NotReadable
from attunement.formats import readings_in


def told(data: bytes, name: str) -> object:
    """Each reading with its rows and issues, or the words of the refusal."""
    try:
        found = readings_in(data, name)
    except NotReadable as error:
        return str(error)
    return [
        (
            reading.format, reading.issues, session.name, session.tiers, session.media, tuple(session.ids),
            session.parent.tolist(), events.actors, events.codes, events.duration_ms.tolist(),
            *(column.tolist() for column in (events.actor, events.code, events.start, events.end)),
        )
        for reading in found for session in [reading.session] for events in [session.events]
    ]  # fmt: skip
