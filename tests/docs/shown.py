"""Runs what a page of the docs shows, and puts what really comes out where the page shows what comes out.

A page is right when this leaves it as it is.

    ```console                    ```python
    $ a command                   code, run as in a notebook: one block after the other
    its output                    ```
    ```
                                  ```text
                                  what it prints, and the value of its last line
                                  ```

In the output of a command, a line `...` stands for lines that the page leaves out. After it, the page goes on where a
line begins like the page's own next line.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```$(?:\n\n```text\n.*?^```$)?", re.MULTILINE | re.DOTALL)
LEFT_OUT = "..."
ALIKE = 20  # signs: by so much of its beginning a line of the page is found in the output


def with_commands_run(page: str, folder: Path) -> str:
    """The page with what its commands really say, run one after the other in `folder`."""
    return CONSOLE.sub(lambda block: f"```console\n{''.join(_commands(block[1], folder))}```", page)


def _commands(block: str, folder: Path) -> Iterator[str]:
    for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE):
        if part:
            command, _, shown = part.removeprefix("$ ").partition("\n")
            yield f"$ {command}\n{_as_shown(shown, _said(command, folder))}"


def _said(command: str, folder: Path) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTUNEMENT_", "COV_", "PYTEST"))}
    ours = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}
    ran = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=kept | ours, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", timeout=120,
    )  # fmt: skip
    return ran.stdout


def _as_shown(shown: str, said: str) -> str:
    """All that was said; or, where the page leaves lines out, as many lines of it in each place as the page has now."""
    pieces = [piece.splitlines() for piece in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)]
    if len(pieces) == 1:
        return said
    lines, at, told = said.splitlines(), 0, []
    for piece in pieces:
        if piece:
            at = next((row for row in range(at, len(lines)) if _alike(lines[row], piece[0])), len(lines))
            told.append("".join(f"{line}\n" for line in lines[at : at + len(piece)]) or "(this is not said any more)\n")
            at += len(piece)
        else:
            told.append("")
    return f"{LEFT_OUT}\n".join(told)


def _alike(line: str, on_page: str) -> bool:
    return line.startswith(on_page[:ALIKE])


def with_code_run(page: str, folder: Path) -> str:
    """The page with what its code really gives, run block after block in `folder`."""
    names: dict[str, object] = {"__name__": "a notebook"}
    with contextlib.chdir(folder):
        return PYTHON.sub(lambda block: _cell(block[1], names), page)


def _cell(code: str, names: dict[str, object]) -> str:
    body = ast.parse(code).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(ast.Module(body, []), "a notebook", "exec"), names)
        value = None if last is None else eval(compile(ast.Expression(last.value), "a notebook", "eval"), names)
        if value is not None:
            print(value if isinstance(value, str) else repr(value))
    told = said.getvalue()
    return f"```python\n{code}```" + (f"\n\n```text\n{told}```" if told else "")
