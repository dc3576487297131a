"""Other people's things look like nothing at all (A2), and none of their words turns up anywhere (A3)."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from django.apps import apps
from django.db.models import CharField, Field, JSONField, TextField
from tests.web.matrix.asking import OWN, Cell
from tests.web.matrix.expecting import expected
from tests.web.matrix.world import OURS, RECORD, SIBLINGS, THEIRS, World

pytestmark = pytest.mark.django_db
REFUSED = {302, 401, 403, 404, 405}
ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
# Texts that hold a code or a key, which nobody types.
CODES = {
    "time_zone", "zone", "signal", "outcome", "acts", "milestone", "format", "sha256", "version", "kinds", "field",
    "session_data", "browser", "noted", "event", "facts", "session_key",
}  # fmt: skip


def seen(cell: Cell) -> tuple[object, ...]:
    """All of an answer but what is new in each: the token of a form, and the ids that were asked for."""
    answer = cell.answer
    body = CSRF.sub("", ID.sub("ID", cell.body.decode(errors="replace"))).replace("/987654/", "/N/")
    factor = re.sub(r"/\d+/removal", "/N/removal", ID.sub("ID", str(sorted(answer.headers.items()))))
    return answer.status_code, factor, sorted(answer.cookies), body


def test_what_is_somebody_elses_answers_to_the_byte_like_what_is_not_there(cells: list[Cell]) -> None:
    groups = defaultdict(list)
    for cell in cells:
        status = expected(cell.persona, cell.route, cell.method, cell.target)
        if cell.target in {"here", "malformed", "own"} or (status not in REFUSED) or not cell.route.parts:
            continue
        done = status == 302 and cell.persona.known and not set(cell.route.parts) & OWN
        if not done or cell.persona.user is None:
            groups[cell.persona.name, cell.route.name, cell.method, status].append(cell)
    compared = [group for group in groups.values() if len(group) > 1]
    told = [str(one) for group in compared for one in group[1:] if seen(one) != seen(group[0])]
    print(sum(map(len, compared)), "answers compared,", len(told), "tell something")
    assert not told, "\n".join(told)
    assert sum(map(len, compared)) > 1_000


def test_the_other_familys_words_are_in_no_answer(cells: list[Cell]) -> None:
    leaks = [f"{cell}: {word}" for cell in cells for word in not_for(cell) if word in everything(cell)]
    assert not leaks, "\n".join(leaks)


def test_each_familys_own_words_are_in_its_answers(cells: list[Cell]) -> None:
    """So that the test above cannot hold because nothing is shown at all."""
    for name, word in (("guardian", OURS), ("charlie", THEIRS)):
        assert len({cell.route.name for cell in cells if cell.persona.name == name and word in everything(cell)}) > 20


def not_for(cell: Cell) -> set[str]:
    """The words that this persona has no business to see."""
    mine = {key for key, may in cell.persona.may.items() if may} if cell.persona.known else set()
    asked = {"practitioner, accepted": "caseload:children", "of no family, said yes": "families:almost"}
    if asked.get(cell.persona.name) == cell.route.name:
        mine = {"mia"}  # she sees what the invitation said, while the family is asked once more
    hers = {"mia": {OURS}, "noah": {OURS, SIBLINGS}, "zoe": {THEIRS}}
    if any(do in {"read", "shared"} for may in cell.persona.may.values() for do, _ in may):
        hers["mia"] = {OURS, RECORD}
    return {OURS, SIBLINGS, RECORD, THEIRS} - {word for key in mine for word in hers[key]}


def everything(cell: Cell) -> str:
    answer = cell.answer
    return f"{cell.body.decode(errors='replace')}{sorted(answer.headers.items())}{answer.cookies.output()}"


def test_every_text_that_a_family_can_write_holds_its_word(world: World) -> None:
    without = [
        f"{model.__name__}.{field.name}" for model in apps.get_models() if hasattr(model, "PERSONAL")
        for field in model._meta.concrete_fields
        if field.name in model.PERSONAL and is_free(field)
        and not any(THEIRS in str(value) for value in model._default_manager.values_list(field.name, flat=True))
    ]  # fmt: skip
    assert not without, f"{without}: fill them in tests/web/matrix/world.py, so that the tests see where they go"


def is_free(field: Field) -> bool:
    return isinstance(field, (CharField, TextField, JSONField)) and not field.choices and field.name not in CODES
