from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contract.writing.errors import LockedError
from contract.writing.lock import holder, locked

_HOLDER = """
import sys, pathlib
from contract.writing.lock import locked
with locked(pathlib.Path(sys.argv[1]), "`ial up` of stack dev"):
    print("has it", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / ".ial" / "lock"
    with locked(path, "`ial up` of stack dev"):
        assert holder(path) == f"`ial up` of stack dev (process {os.getpid()})"
        with pytest.raises(LockedError, match=r"`ial up` of stack dev .* is under way; wait for its end, or end it"):
            locked(path, "`ial down`").__enter__()
    assert holder(path) is None
    with locked(path, "a shorter one"):
        assert holder(path) == f"a shorter one (process {os.getpid()})"


def test_a_lock_nobody_ever_took_is_free(tmp_path: Path) -> None:
    assert holder(tmp_path / "none") is None


def test_the_death_of_its_holder_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    with held:
        assert held.stdout is not None
        assert held.stdout.readline() == b"has it\n"
        assert holder(path) == f"`ial up` of stack dev (process {held.pid})"
        held.send_signal(signal.SIGKILL)
        held.wait()
    with locked(path, "the next one", within=10):
        pass
