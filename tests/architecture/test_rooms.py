"""What the import contracts in pyproject.toml cannot say: doors between apps, who prints, who asks the database."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

DOORS = {"models", "access", "actions", "queries"}
OPEN = {"shell", "actor", "guarded", "many"}
CHANGES_ROWS = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}


def test_every_app_keeps_the_order_of_files(root: Path) -> None:
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    held = next(contract["containers"] for contract in contracts if contract["id"] == "apps")
    apps = {f"attunement_web.{path.parent.name}" for path in (root / "src/attunement_web").glob("*/__init__.py")}
    assert set(held) == apps - {"attunement_web.site"}


def test_apps_meet_only_at_their_doors(sources: dict[str, ast.Module]) -> None:
    site = {name: tree for name, tree in sources.items() if name.startswith("attunement_web.")}
    entered = [(name, other) for name, tree in site.items() for other in imported(name, tree) if breaks_in(name, other)]
    assert entered == [], f"use {', '.join(sorted(DOORS))} of the other app"


def breaks_in(name: str, other: str) -> bool:
    """Whether an import reaches into another app past its doors. A bridge may build on another app's bridge.

    `site` puts all together, and the shell is what pages are made of: the one enters everywhere, the other is open. So
    is who acts, which every app asks or says, and how many rows are changed at once.
    """
    own, theirs = name.split("."), other.split(".")
    if theirs[0] != "attunement_web" or len(theirs) < 3 or own[1] in (theirs[1], "site") or theirs[1] in OPEN:
        return False
    return theirs[2] not in (DOORS | {"bridge"} if own[2:3] == ["bridge"] else DOORS)


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
