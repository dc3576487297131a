"""Keys for other programs, as far as people's ways in know them: whoever makes keys says here how they end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from attunement_web.accounts.models.people import User


@dataclass(frozen=True, slots=True)
class Keys:
    """One kind of key: how many of a person's open something now, and how all of them are ended, by whom."""

    count: Callable[[User], int]
    end: Callable[[User, User], int]


KINDS: list[Keys] = []  # the app that makes keys stands above this one, so it adds its own when the site starts
