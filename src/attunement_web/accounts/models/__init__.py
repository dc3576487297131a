"""People, their ways in, and the devices on which they are signed in."""

from attunement_web.accounts.models.devices import Device, SessionStore
from attunement_web.accounts.models.keys import KINDS, Keys
from attunement_web.accounts.models.people import SignInLink, User, WrongTry

__all__ = ["KINDS", "Device", "Keys", "SessionStore", "SignInLink", "User", "WrongTry"]
