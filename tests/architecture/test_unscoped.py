"""Each place that reads everybody's rows, with its reason: a new one is a decision, made here."""

from __future__ import annotations

import ast

DECIDED = {
    ("api.queries.calling", "a key itself says whose it is"),
    ("families.actions.belonging", "nobody belongs yet to what begins here"),
    ("families.actions.belonging", "where a family lives is so for each of its children"),
    ("families.actions.consent", "a link itself says to what it invites"),
    ("families.actions.people", "a link itself says to what it invites"),
    ("families.queries", "a link itself says to what it invites"),
    ("rights.actions.erasing", "who undoes it opens every child that it closed, and not hers alone"),
    ("rights.queries.about", "to say whether these are all takes counting all"),
    ("site.keeping.nightly", "the checkpoint counts every chain"),
    ("site.ledger", "the command checks every line"),
    ("site.move", "the command carries every row"),
    ("site.people.command", "whoever runs the machine sees to anybody's ways in"),
    ("site.postgresql.base", "a migration changes every row"),
    ("site.rights.bring", "what is brought in belongs to nobody yet"),
    ("site.rights.erase", "whatever was erased before is erased again"),
    ("site.rights.erase", "whose week is over is erased, whoever it is"),
    ("site.rights.export", "whoever has the machine may copy any record on it"),
    ("site.serve", "the start looks after every record"),
    ("site.summaries", "the command compares every day of every child"),
    ("sync.actions.pushing", "an id may be taken in another family, which is then told to nobody"),
}


def test_every_place_that_reads_everything_is_decided(sources: dict[str, ast.Module]) -> None:
    found = {
        (name.removeprefix("attunement_web."), ast.literal_eval(node.args[0]))
        for name, tree in sources.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "unscoped"
    }
    assert found == DECIDED


def test_nobody_acts_by_another_way(sources: dict[str, ast.Module]) -> None:
    """`unscoped` under another name would not be found above, nor an actor that is made by hand."""
    others = {name: tree for name, tree in sources.items() if name != "attunement_web.actor"}
    odd = [f"{name}:{node.lineno}" for name, tree in others.items() for node in ast.walk(tree) if goes_around(node)]
    assert odd == []


def goes_around(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module == "attunement_web.actor":
        return any(one.asname or one.name.startswith("_") for one in node.names)
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Actor"
