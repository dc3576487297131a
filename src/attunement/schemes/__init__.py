"""Coding schemes as data: which tier and value is which actor, code and function, and what fits what."""

from attunement.schemes.as_written import code_as_written
from attunement.schemes.choosing import coding_of
from attunement.schemes.coding import code_session
from attunement.schemes.loading import BUILT_IN, scheme
from attunement.schemes.scheme import Code, Coding, Endings, Function, Kind, Role, Rule, Scheme

__all__ = [
    "BUILT_IN",
    "Code",
    "Coding",
    "Endings",
    "Function",
    "Kind",
    "Role",
    "Rule",
    "Scheme",
    "code_as_written",
    "code_session",
    "coding_of",
    "scheme",
]
