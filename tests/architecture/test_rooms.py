"""What the import contracts in pyproject.toml cannot say: doors between apps, who prints, who asks the database."""

from __future__ import annotations

import ast
from collections.abc import Iterator

DOORS = {"models", "access", "actions", "queries"}
CHANGES_ROWS = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}


def test_apps_meet_only_at_their_doors(sources: dict[str, ast.Module]) -> None:
    entered = []
    for name, tree in sources.items():
        own = name.split(".")[1:2]
        if name.startswith("attunement_web.") and own != ["site"]:
            entered += [f"{name} -> {other}" for other in imported(name, tree) if other_room(other, own)]
    assert entered == [], f"use {', '.join(sorted(DOORS))} of the other app"


def other_room(other: str, own: list[str]) -> bool:
    """Whether an import reaches into another app past its doors. The shell, which pages are made of, is all door."""
    parts = other.split(".")
    ours = parts[0] == "attunement_web" and len(parts) > 2
    return ours and parts[1:2] not in (own, ["shell"]) and parts[2] not in DOORS


def test_only_the_command_line_prints(sources: dict[str, ast.Module]) -> None:
    library = {
        name: tree for name, tree in sources.items() if not name.startswith(("attunement_web", "attunement.cli"))
    }
    loud = [f"{name}:{node.lineno}" for name, tree in library.items() for node in ast.walk(tree) if speaks(node)]
    assert loud == []


def speaks(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in {"print", "input", "exit", "quit"}
    return isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout", "sys.stderr", "sys.exit", "os._exit"}


def test_only_models_access_actions_and_queries_ask_the_database(sources: dict[str, ast.Module]) -> None:
    assert mentions(sources, {"objects", "_default_manager", "raw"}, outside=DOORS) == []


def test_only_models_and_actions_change_rows(sources: dict[str, ast.Module]) -> None:
    assert mentions(sources, CHANGES_ROWS, outside={"models", "actions"}) == []


def mentions(sources: dict[str, ast.Module], attributes: set[str], *, outside: set[str]) -> list[str]:
    """Where files of apps, other than those named, use one of these attributes. `site` starts things and may."""
    found = []
    for module, tree in sources.items():
        parts = module.split(".")
        if parts[0] == "attunement_web" and parts[1:2] != ["site"] and not outside & set(parts):
            nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
            found += [f"{module}:{node.lineno} .{node.attr}" for node in nodes if node.attr in attributes]
    return found


def imported(name: str, tree: ast.Module) -> Iterator[str]:
    """Dotted names of what a module imports; `from a.b import c` gives `a.b.c`, for `c` may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports relatively: name the room"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
