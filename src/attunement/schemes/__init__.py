"""Coding schemes as data: which tier and value is which actor, code and function, and what fits what."""

from attunement.schemes.coding import Coding, best_scheme, code_session
from attunement.schemes.loading import BUILT_IN, scheme
from attunement.schemes.scheme import Code, Endings, Function, Kind, Role, Rule, Scheme

__all__ = [
    "BUILT_IN", "Code", "Coding", "Endings", "Function", "Kind", "Role", "Rule", "Scheme", "best_scheme",
    "code_session", "scheme",
]  # fmt: skip
