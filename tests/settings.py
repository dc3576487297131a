"""The site's settings for its tests: a database in memory, or the PostgreSQL that ATTUNEMENT_TEST_DATABASE names.

Never the folder or the database of a real household, whatever the shell that starts the tests has set.
"""

import os

for _name in ("ATTUNEMENT_DATA", "DATABASE_URL"):
    os.environ.pop(_name, None)
if os.environ.get("ATTUNEMENT_TEST_DATABASE"):
    os.environ["DATABASE_URL"] = os.environ["ATTUNEMENT_TEST_DATABASE"]

from attunement_web.site.settings import *  # noqa: E402, F403  # the environment is cleared first

os.environ.pop("DATABASE_URL", None)  # what a test starts is given a database of its own
