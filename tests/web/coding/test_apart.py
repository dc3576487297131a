"""A reader that misbehaves in any way is ended within its limits, and leaves nothing behind: faults planted on purpose."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from attunement_web.coding import bridge
from attunement_web.coding.reading import apart
from attunement_web.coding.reading.apart import MIB, Answer, Limits, TookTooMuch, run

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="limits of a process are POSIX's; elsewhere time alone ends it"
)

TIGHT = Limits(memory=256 * MIB, cpu_seconds=1, seconds=3, answer=MIB, open_files=16)
SLACK = 1.5  # seconds a busy machine may need beyond a limit


def ran(tmp_path: Path, code: str, *, given: bytes = b"", limits: Limits = TIGHT) -> Answer:
    """What comes back from a reader of this code; afterwards its folder is gone, whatever happened."""
    (reader := tmp_path / "reader.py").write_text(code)
    (folder := tmp_path / "uploads").mkdir(exist_ok=True)
    try:
        return run([str(reader)], [given], folder=folder, limits=limits)
    finally:
        assert list(folder.iterdir()) == []


def test_an_honest_reader_answers(tmp_path: Path) -> None:
    code = "import sys; sys.stdout.write(sys.stdin.read().upper()); sys.exit(4)"
    answer = ran(tmp_path, code, given=b"abc")
    assert (answer.code, answer.words) == (4, b"ABC")
    assert answer.given_sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("code", "within"),
    [
        pytest.param("while True: pass", TIGHT.seconds, id="loops for ever"),
        pytest.param("import time; time.sleep(600)", TIGHT.seconds, id="sleeps for ever"),
        pytest.param(
            "import signal, time\nfor n in range(1, 32):\n"
            "  if n not in (9, 19): signal.signal(n, signal.SIG_IGN)\nwhile True: time.sleep(9)",
            TIGHT.seconds, id="ignores every signal",
        ),
        pytest.param("while True: print('x' * 100_000)", TIGHT.seconds, id="prints without end"),
        pytest.param("import sys; sys.stdout.write('x' * 100_000_000)", TIGHT.seconds, id="prints 100 MB"),
        pytest.param("import os; os.kill(os.getpid(), 11)", TIGHT.seconds, id="crashes"),
    ],
)  # fmt: skip
def test_a_reader_without_measure_is_ended_in_time(tmp_path: Path, code: str, within: float) -> None:
    began = time.monotonic()
    with pytest.raises(TookTooMuch):
        ran(tmp_path, code)
    assert time.monotonic() - began < within + SLACK


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("x = bytearray(400 * 2**20)", id="memory at once"),
        pytest.param("x = []\nwhile True: x.append(bytearray(2**20))", id="memory bit by bit"),
        pytest.param("open('big', 'wb').write(b'x' * 2**21)", id="a huge file"),
        pytest.param("x = [open(__file__) for _ in range(40)]", id="many open files"),
        pytest.param("import resource as r; r.setrlimit(r.RLIMIT_AS, (2**40, 2**40))", id="lifts its limit"),
    ],
)
def test_a_reader_meets_its_limit_as_an_error_of_its_own(tmp_path: Path, code: str) -> None:
    if "setrlimit" in code and os.geteuid() == 0 and not may_leave_network():
        pytest.skip("the superuser may lift any limit; do not run the site as root")
    assert ran(tmp_path, code).code == 1


def test_what_a_reader_starts_ends_with_it(tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    code = f"""import os, time
for _ in range(5):
    if os.fork() == 0:
        open({str(ids)!r}, "a").write(f"{{os.getpid()}}\\n"); time.sleep(600)
time.sleep(0.5)"""
    assert ran(tmp_path, code).code == 0
    started = [int(line) for line in ids.read_text().split()]
    assert len(started) == 5
    deadline = time.monotonic() + 2
    while (alive := [one for one in started if is_running(one)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive == []


def may_leave_network() -> bool:
    return (
        shutil.which("unshare") is not None
        and not subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True, check=False).returncode
    )


def is_running(process: int) -> bool:
    """A zombie waits for its new parent only, and runs no more."""
    try:
        os.kill(process, 0)
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_reader_has_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNEMENT_SECRET_KEY", "a secret of the site")
    ours = (tmp_path / "ours").open("w")
    os.set_inheritable(ours.fileno(), True)
    code = """import json, os, stat, sys
print(json.dumps({"env": sorted(os.environ), "cwd": os.getcwd(), "mode": stat.S_IMODE(os.stat(".").st_mode),
  "open": [n for n in range(3, 60) if os.path.exists(f"/proc/self/fd/{n}") or os.path.exists(f"/dev/fd/{n}")],
  "group": os.getpgrp() == os.getpid(), "modules": sorted(m for m in sys.modules if "django" in m)}))"""
    told = json.loads(ran(tmp_path, code).words)
    ours.close()
    assert set(told["env"]) - {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"} == {
        "MALLOC_ARENA_MAX", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "TEMP", "TMP", "TMPDIR",
    }  # fmt: skip
    assert (told["open"], told["modules"], told["group"], told["mode"]) == ([], [], True, 0o700)
    assert Path(told["cwd"]).parent == tmp_path / "uploads"


def test_a_reader_reaches_nobody_where_the_system_lets_it_leave_the_network(tmp_path: Path) -> None:
    if not may_leave_network():
        pytest.skip("this system lets nobody leave the network: docs/explanation/reading-files.md says so")
    with socket.create_server(("127.0.0.1", 0)) as ours:
        code = (
            f"import socket; socket.create_connection(('127.0.0.1', {ours.getsockname()[1]}), timeout=2); print('met')"
        )
        assert ran(tmp_path, code).words == b""


def test_without_its_parent_a_reader_still_ends(tmp_path: Path) -> None:
    """The alarm that it carries from before its first line."""
    (reader := tmp_path / "reader.py").write_text("import time; time.sleep(600)")
    short = json.dumps({**TIGHT.of_process(), "seconds": 1})
    ended = os.spawnv(
        os.P_WAIT, sys.executable,
        [sys.executable, "-I", "-S", str(Path(apart.__file__).with_name("limits.py")), short, sys.executable, str(reader)],
    )  # fmt: skip
    assert ended == -signal.SIGALRM


def test_what_a_killed_server_left_behind_goes_at_the_next_reading(tmp_path: Path) -> None:
    (uploads := tmp_path / "uploads").mkdir()
    (old := uploads / "reading-old").mkdir()
    (old / "given").write_bytes(b"somebody's file")
    (upload := uploads / "x.upload").write_bytes(b"another one")
    long_ago = time.time() - 2 * apart.LEFT_OVER
    for path in (old, upload):
        os.utime(path, (long_ago, long_ago))
    ran(tmp_path, "")  # which looks into the folder afterwards


def test_our_own_reader_needs_less_than_it_may_have(tmp_path: Path) -> None:
    table = b"onset_ms,offset_ms,tier,code\n0,500,CHI,coo\n900,1500,MOT,talk\n"
    read = bridge.read([table], "visit.csv", folder=tmp_path, limits=Limits(memory=640 * MIB))
    assert (read.format, len(read.sessions), list(tmp_path.iterdir())) == ("table", 1, [])
