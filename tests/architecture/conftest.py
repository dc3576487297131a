"""What the architecture tests look at: the files of this checkout and the modules they make."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "vendor", "__pycache__", "node_modules", "build", "dist"}


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Every file of the project, the ones not yet committed too; without git, every file that is not plainly made."""
    asked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    found = (ROOT / line for line in asked.stdout.splitlines()) if asked.returncode == 0 else ROOT.rglob("*")
    return sorted(path for path in found if path.is_file() and not NOT_OURS & set(path.relative_to(ROOT).parts))


@pytest.fixture(scope="session")
def sources(files: list[Path]) -> dict[str, ast.Module]:
    """Dotted name -> syntax tree of each module of the library and the site, migrations left out."""
    python = [path for path in files if path.suffix == ".py" and path.is_relative_to(ROOT / "src")]
    return {dotted(path): ast.parse(path.read_text()) for path in python if "migrations" not in path.parts}


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
