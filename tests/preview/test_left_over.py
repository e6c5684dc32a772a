from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from preview.left_over import nothing_left_over

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives a process what others orphan")
DAEMON = "setsid sleep 599.25 & setsid sh -c 'sleep 599.25 & sleep 599.25' &"


def sleeping(seconds: str) -> list[str]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:2] == [b"sleep", seconds.encode()]:
            found.append(file.parent.name)
    return found


def test_what_a_command_leaves_is_ended_and_what_was_there_is_not() -> None:
    with subprocess.Popen(["sleep", "598.25"]) as own:
        with nothing_left_over():
            subprocess.run(["sh", "-c", DAEMON], check=True)
        assert sleeping("599.25") == []
        assert own.poll() is None
        own.kill()
