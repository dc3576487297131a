"""A PostgreSQL for tests that need one whatever database the rest of them run on."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tests.postgres import Cluster, NoPostgres, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    try:
        with cluster() as server:
            yield server
    except NoPostgres as missing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(missing))
