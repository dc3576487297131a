"""Sessions drawn as pictures: a row is an actor, a character half a second.

A letter is what the actor does for as long as it stands there, a capital the same in no time (a point); a dot is nothing:

    baby    cc......      coos for a second
    mother  ....tt..      talks from 2.0 s to 3.0 s
"""

from attunement.events import Events, events_from_rows
from attunement.schemes import scheme

STEP = 500  # ms a character

LETTERS = {
    "c": "coo",  # asks to connect, a sound
    "s": "social-smile",  # asks to connect
    "e": "explore-away",  # asks to explore
    "l": "look-away",  # asks for a break
    "y": "cry",  # asks for comfort, upset
    "t": "talk",  # connects, a sound
    "h": "hug-child",  # comforts
    "g": "give-space",  # gives a break
    "f": "follow-lead",  # serves exploring
    "n": "name-feeling",  # comforts, a sound
    "w": "settled-with-you",
    "a": "settled-alone",
    "u": "still-upset",
}

ATTUNEMENT = scheme("attunement")


def drawn(picture: str, *, name: str = "visit", observed_ms: int | None = None) -> Events:
    """The session of a picture, as long as its longest row."""
    rows, longest = [], 0
    for line in picture.split("\n"):
        if line.strip():
            actor, track = line.split(maxsplit=1)
            rows += [(actor, code, first * STEP, last * STEP) for code, first, last in _events(track.strip())]
            longest = max(longest, len(track.strip()))
    return events_from_rows(rows, name=name, duration_ms=longest * STEP, observed_ms=observed_ms, codes=ATTUNEMENT.ids)


def _events(track: str) -> list[tuple[str, int, int]]:
    found, at = [], 0
    while at < len(track):
        letter, first = track[at], at
        while at < len(track) and track[at] == letter and (letter.islower() or at == first):
            at += 1
        if letter.isupper():
            found.append((LETTERS[letter.lower()], first, first))
        elif letter != ".":
            found.append((LETTERS[letter], first, at))
    return found
