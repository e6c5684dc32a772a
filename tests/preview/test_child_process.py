from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from preview.child_process import child, with_parent

_LIMIT = 60.0
_LONG = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(100)"]
_PARENT = f"""
import subprocess, sys, threading, time
from preview.child_process import child

def start():
    with_thread = child({_LONG!r}, stdout=subprocess.PIPE)
    with_thread.stdout.readline()
    print(with_thread.pid, flush=True)

thread = threading.Thread(target=start)
thread.start()
thread.join()
time.sleep(100)
"""


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_child_dies_with_its_parent_and_not_with_the_thread_that_wanted_it() -> None:
    command = [sys.executable, "-c", _PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path.cwd()) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _alive(pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    until = time.monotonic() + _LIMIT
    while _alive(pid):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_command_runs_as_it_would_alone() -> None:
    done = subprocess.run(with_parent(["sh", "-c", "echo $0 $1; exit 7", "a", "b c"]), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (7, "a b c\n")
    missing = subprocess.run(with_parent(["no-such-command"]), capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stderr) == (127, "no-such-command: No such file or directory\n")


def test_what_cannot_be_started_is_told_to_who_asked() -> None:
    found: list[BaseException] = []

    def ask() -> None:
        try:
            child(["true"], cwd="/no/such/folder")
        except OSError as error:
            found.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert isinstance(found[0], FileNotFoundError)


_ASKED = """
import subprocess, sys, time
from preview.child_process import child
script = "trap 'echo asked >> $0; exit 3' INT; setsid sleep 100 & echo $! ; while :; do sleep 0.05; done"
engine = child(["sh", "-c", script, sys.argv[1]], asking=True, stdout=subprocess.PIPE, start_new_session=True)
print(engine.stdout.readline().decode().strip(), flush=True)
time.sleep(100)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_what_has_a_state_to_write_is_asked_and_ends_with_all_that_it_started(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _ASKED, str(tmp_path / "state")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path.cwd()) as parent:
        assert parent.stdout is not None
        started_by_it = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    until = time.monotonic() + _LIMIT
    while _alive(started_by_it):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert (tmp_path / "state").read_text() == "asked\n"


@pytest.mark.parametrize(("script", "code"), [("exit 7", 7), ("kill -TERM $$", -15), ("kill -KILL $$", -9)])
def test_what_is_asked_ends_as_it_would_alone(script: str, code: int) -> None:
    with child(["sh", "-c", script], asking=True, start_new_session=True) as process:
        assert process.wait(_LIMIT) == code
