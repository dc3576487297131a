"""Python runs this at its start when the folder is on PYTHONPATH: faults that a harness has to find, and the older journal.

CRASH_JOURNAL=delete   as if this SQLite had the fault that forbids the write-ahead log: the site chooses its safe journal
CRASH_PLANT=normal     the write-ahead log with synchronous=NORMAL
CRASH_PLANT=full       the older journal with synchronous=FULL
CRASH_PLANT=asynchronous   PostgreSQL with synchronous_commit=off, and nobody who asks for it
CRASH_PLANT=early      an answer goes out 50 ms before its commit
"""

import os
import threading
import time
from contextlib import suppress

from attunement_web.site import native

EARLY = 0.05  # seconds
UNSAFE = {
    "normal": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    "full": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;",
}


def older_journal():
    native.is_repaired = lambda version: False


def unsafe_journal(pragmas):
    native.journal = lambda: pragmas


def early_answer():
    native.use_newer_sqlite()
    from attunement_web.site.sqlite.base import DatabaseWrapper

    begin = DatabaseWrapper._start_transaction_under_autocommit
    own_level = DatabaseWrapper._set_autocommit

    def commit(self):
        raw = self.connection

        def pay():
            time.sleep(EARLY)
            with suppress(Exception):
                raw.commit()

        self._owed = threading.Thread(target=pay, daemon=True)
        self._owed.start()
        self._let_go()

    def begin_after_what_is_owed(self):
        if owed := getattr(self, "_owed", None):
            owed.join()
        begin(self)

    def leave_alone(self, autocommit):
        owed = getattr(self, "_owed", None)
        if owed is None or not owed.is_alive():  # sqlite3 commits when its isolation level is set
            own_level(self, autocommit)

    DatabaseWrapper._commit = commit
    DatabaseWrapper._set_autocommit = leave_alone
    DatabaseWrapper._start_transaction_under_autocommit = begin_after_what_is_owed


def asynchronous_commits():
    from attunement_web.site import database
    from attunement_web.site.postgresql import base

    database.ON_EACH_CONNECTION = database.ON_EACH_CONNECTION.replace("synchronous_commit=on", "synchronous_commit=off")
    base.DURABLE = ("fsync", "full_page_writes")


planted = os.environ.get("CRASH_PLANT", "")
if os.environ.get("CRASH_JOURNAL") == "delete":
    older_journal()
if planted in UNSAFE:
    unsafe_journal(UNSAFE[planted])
if planted == "early":
    early_answer()
if planted == "asynchronous":
    asynchronous_commits()
