"""Tries every route with every phase of Schemathesis, as three callers; ends with 1 when anything breaks.

    script/soak api                    some minutes for each caller
    script/soak api --examples 10      short; part of the tests
    script/soak api --plant shape      must end with 1: an answer that is not as the document says
    script/soak api --plant crash      must end with 1: a mistake of ours for each moment with a signal

The application runs in this process on a SQLite file of its own. Writes results/api.json.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

from attunement_web.actor import unscoped

ROOT = Path(__file__).parents[2]
CALLERS = ("write", "read", "nobody")
PLANTS = ("shape", "crash")
PHASES = ("examples", "coverage", "fuzzing", "stateful")
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "unsupported_method", "allow_header_conformance", "use_after_free",
    "negative_data_rejection",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/soak api", description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=300, help="cases for each route in fuzzing (default 300)")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run; without it each run is another one")
    parser.add_argument("--plant", choices=PLANTS, help="break the API on purpose, to see that it is found")
    parser.add_argument("--callers", nargs="+", choices=CALLERS, default=CALLERS)
    parser.add_argument("--no-results", action="store_true", help="leave results/ as it is")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        household = _household(folder)
        _plant(given.plant)
        found = {caller: _tried(caller, household, given) for caller in given.callers}
    results = ROOT / "results"
    if not (given.plant or given.no_results):
        results.mkdir(exist_ok=True)
        (results / "api.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return _say(found)


@unscoped("a harness")
def _household(folder: str) -> dict[str, Any]:
    """A family with a child and its tokens, in a database of its own."""
    os.environ["ATTUNEMENT_DATA"], os.environ["DJANGO_SETTINGS_MODULE"] = folder, "attunement_web.site.settings"
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from datetime import date, timedelta

    from django.core.management import call_command

    from attunement_web.accounts.actions import create_person
    from attunement_web.api.actions import make_token
    from attunement_web.families.actions import begin_family

    Path(folder, "static").mkdir()
    call_command("migrate", interactive=False, verbosity=0)
    person, born = create_person(name="Ada's mother", by=None), date.today() - timedelta(days=300)
    child = begin_family(time_zone="Europe/Madrid", child_name="Ada", born=born, by=person)
    tokens = {
        right: make_token(id=uuid4(), child=child, name=right, right=right, lasts=timedelta(days=2), by=person)
        for right in ("write", "read")
    }
    return {"child": str(child.pk), "family": str(child.family_id), **tokens}


def _plant(what: str | None) -> None:
    from attunement_web.api.views import moments, phone

    tell, note = phone.as_json, moments.note_once
    if what == "shape":
        phone.as_json = lambda told: tell({**told, "last_seq": "many", "cursor": "many"})
    if what == "crash":
        moments.note_once = lambda *, tap, **more: note(tap=tap, **more) if not tap.signal else {}["no such key"]


def _tried(caller: str, household: dict[str, Any], given: argparse.Namespace) -> dict[str, Any]:
    from schemathesis import engine, openapi
    from schemathesis.config import SchemathesisConfig

    from attunement_web.site.wsgi import application

    headers = {"Authorization": f"Bearer {household[caller]}"} if caller in household else {}
    wanted: dict[str, Any] = {
        "headers": headers | {"Host": "localhost", "Accept-Encoding": "identity"}, "continue-on-failure": True,
        "parameters": {"path.child": household["child"], "path.family": household["family"]},
        "generation": {"max-examples": given.examples, "database": "none"},
        "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
        "phases": {name: {"enabled": True} for name in PHASES},
    }  # fmt: skip
    if given.seed is not None:
        wanted["seed"] = given.seed
    schema = openapi.from_wsgi("/api/v1/openapi.json", application, config=SchemathesisConfig.from_dict(wanted))
    return _gathered(engine.from_schema(schema).execute())


def _gathered(events: Any) -> dict[str, Any]:
    from schemathesis.engine import events as kinds

    began, cases, statuses, checked = time.perf_counter(), Counter[str](), Counter[int](), 0
    wrong: dict[str, str] = {}
    phases: dict[str, str] = {}
    for event in events:
        if isinstance(event, kinds.ScenarioFinished):
            cases[event.phase.name] += len(event.recorder.interactions)
            for one in event.recorder.interactions.values():
                statuses[one.response.status_code if one.response else 0] += 1
            for each in event.recorder.checks.values():
                checked += len(each)
                for check in each:
                    if check.failure_info is not None:
                        failure = check.failure_info.failure
                        wrong.setdefault(f"{event.recorder.label}: {failure.title}", f"{failure.message}"[:500])
        elif isinstance(event, kinds.PhaseFinished):
            phases[event.phase.name.name] = event.status.name
        elif isinstance(event, kinds.NonFatalError):
            wrong.setdefault(f"{event.label}: {event.info.title}", str(event.info.message)[:500])
        elif isinstance(event, kinds.FatalError):
            raise event.exception
    return {
        "cases": dict(cases), "checks": checked, "statuses": dict(sorted(statuses.items())), "phases": phases,
        "wrong": wrong, "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip


def _say(found: dict[str, dict[str, Any]]) -> int:
    for caller, one in found.items():
        told = ", ".join(f"{number} x {status}" for status, number in one["statuses"].items())
        print(f"{caller}: {sum(one['cases'].values())} requests ({told}), {one['checks']} checks, {one['seconds']} s")
        for what, why in one["wrong"].items():
            print(f"  {what}\n    {why}")
    return int(any(one["wrong"] or not one["checks"] for one in found.values()))


if __name__ == "__main__":
    sys.exit(main())
