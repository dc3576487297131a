"""Asks each new connection whether what is committed on it is on the disk, and refuses it otherwise.

We set `synchronous_commit` ourselves (see site/database.py); the other two belong to whoever runs the server, and a
server may come back from a restart with others than before. One question a connection, and connections last.
"""

from __future__ import annotations

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base, features

from attunement_web.site import logs, native

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_ASKED = (*DURABLE, "data_checksums")
_QUESTION = "SELECT " + ", ".join(f"current_setting('{name}')" for name in _ASKED)


class DatabaseFeatures(features.DatabaseFeatures):
    minimum_database_version = native.POSTGRESQL_FROM


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    _is_described = False

    def init_connection_state(self) -> None:
        super().init_connection_state()  # refuses a server that is too old
        with self.connection.cursor() as cursor:  # the driver's own: no page pays for it in its number of queries
            told = dict(zip(_ASKED, cursor.execute(_QUESTION).fetchone(), strict=True))
        refuse_forgetful(told)
        if told["data_checksums"] != "on" and not DatabaseWrapper._is_described:
            logs.tell("database.no-checksums", level=logging.WARNING)  # a damaged page stays unseen; see pg_checksums
        DatabaseWrapper._is_described = True


def refuse_forgetful(told: dict[str, str]) -> None:
    """Raise ImproperlyConfigured when the server may forget what it said it kept."""
    off = [f"{name}={told[name]}" for name in DURABLE if told[name] != "on"]
    if off:
        raise ImproperlyConfigured(
            f"this PostgreSQL runs with {', '.join(off)}: a power cut can lose moments that we called saved; "
            "set it to on in its configuration"
        )
