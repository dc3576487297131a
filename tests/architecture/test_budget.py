"""Files and functions stay small enough to read at one sitting.

`script/test tests/architecture/test_budget.py -rP` shows the worst ten.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

LINES = {".py": 450, ".css": 450, ".js": 150, ".html": 80}
BODY = 50
MEDIAN_LINES, MEDIAN_BODY = 100, 8


def test_no_file_is_too_long_to_read(root: Path, files: list[Path]) -> None:
    counted = [(len(path.read_text().splitlines()), path) for path in files if path.suffix in LINES and written(path)]
    used = sorted(
        ((lines / LINES[path.suffix], lines, path.relative_to(root)) for lines, path in counted), reverse=True
    )
    worst = [f"{lines:4} of {LINES[path.suffix]} lines  {path}" for _, lines, path in used[:10]]
    print("\n".join(worst))
    assert used[0][0] <= 1, worst


def test_no_function_is_too_long_to_read(root: Path, files: list[Path]) -> None:
    bodies = sorted(body for path in files if path.suffix == ".py" and written(path) for body in functions(path, root))
    worst = [f"{lines:4} of {BODY} lines  {where}" for lines, where in bodies[:-11:-1]]
    print("\n".join(worst))
    assert bodies[-1][0] <= BODY, worst


def test_most_files_and_functions_of_the_product_are_short(root: Path, files: list[Path]) -> None:
    product = [path for path in files if path.suffix == ".py" and written(path) and path.is_relative_to(root / "src")]
    lines = median(len(path.read_text().splitlines()) for path in product)
    body = median(length for path in product for length, _ in functions(path, root))
    print(f"median file {lines} lines, median function body {body} lines")
    assert lines <= MEDIAN_LINES
    assert body <= MEDIAN_BODY


def written(path: Path) -> bool:
    return "migrations" not in path.parts


def functions(path: Path, root: Path) -> Iterator[tuple[int, str]]:
    """Length of each body, from its first line after the docstring to its last."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            code = node.body[1:] if ast.get_docstring(node) else node.body
            length = code[-1].end_lineno - code[0].lineno + 1 if code else 0
            yield length, f"{path.relative_to(root)}:{node.lineno} {node.name}"
