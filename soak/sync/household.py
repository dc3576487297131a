"""A real server over a real file, for phones in Node: what they asked for and what they tell."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from soak.crash.prepare import Household, prepared
from soak.crash.server import Server
from soak.sync.explorer import HERE, NODE
from soak.sync.model import Json

PORT = 8150


@dataclass(frozen=True, slots=True)
class Home:
    household: Household
    data: Path
    port: int

    def phones(self, script: str, **asked: object) -> Json:
        """Run phones against this server; the JSON that they tell at the end."""
        told = asked | {
            "base": f"http://127.0.0.1:{self.port}",
            "children": self.household.children,
            "tokens": self.household.tokens,
        }
        command = [str(NODE), str(HERE / "phone" / script), json.dumps(told)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
        answer: Json = json.loads(ran.stdout.splitlines()[-1])
        return answer

    def count(self, query: str) -> int:
        """Asked of the file itself, past all of our own code."""
        with closing(sqlite3.connect(self.data / "db.sqlite3")) as database:
            found: int = database.execute(query).fetchone()[0]
        return found


@contextmanager
def home(port: int = PORT) -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="attunement-phones-") as folder:
        data = Path(folder) / "data"
        household = prepared(data, {})
        server = Server(data, port)
        server.start()
        try:
            server.ready()
            yield Home(household, data, port)
        finally:
            server.end()
