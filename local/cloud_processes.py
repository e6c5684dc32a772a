"""The processes of local clouds, found by the folder that they serve and told apart by the time of their start.

A number of a process that ended may be somebody else's by now, so a number alone ends nobody.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MODULE: Final = "local.cloud_process"
_PROC: Final = Path("/proc")
_GRACE_SECONDS: Final = 1.5
_EVERY_SECONDS: Final = 0.02


@dataclass(frozen=True)
class CloudProcess:
    """One process. `started` is when the system says that it began, in the system's own words."""

    pid: int
    started: str

    @property
    def alive(self) -> bool:
        """Whether it still runs: it, and not another of its number."""
        with contextlib.suppress(ChildProcessError):
            # Who started it himself has to wait for it, or it stays in the list of processes.
            os.waitpid(self.pid, os.WNOHANG)
        return started(self.pid) == self.started


def clouds_of(home: Path) -> list[CloudProcess]:
    """The processes that serve a folder's cloud, and are this user's."""
    wanted = f" {home.resolve()}"
    return [process for process, words in _mine() if MODULE in words and words.endswith(wanted)]


def serves(process: CloudProcess) -> bool:
    """Whether it is there, and a local cloud's, of whatever folder: a program's folder may have been copied."""
    return any(found == process and MODULE in words for found, words in _mine(process.pid))


def started(pid: int) -> str | None:
    """When a process began; None when there is none of that number, or it has ended."""
    if not _has_proc():
        return next((began for found, began, _ in _listed() if found == pid), None)
    try:
        fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    # proc_pid_stat(5): state is field 3, starttime 22; the name in brackets is field 2.
    return None if fields[0] in "ZX" else fields[19]


def end(process: CloudProcess) -> None:
    """Ends it, at the latest by force."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        _send(process, number)
        until = time.monotonic() + _GRACE_SECONDS
        while time.monotonic() < until:
            if not process.alive:
                return
            time.sleep(_EVERY_SECONDS)


def _send(process: CloudProcess, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        if not hasattr(os, "pidfd_open"):
            if process.alive:
                os.kill(process.pid, number)
            return
        # The handle is of one process: what is looked at between here and there cannot become another.
        handle = os.pidfd_open(process.pid)
        try:
            if process.alive:
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)


def _has_proc() -> bool:
    return (_PROC / "self" / "stat").exists()


def _mine(only: int | None = None) -> Iterator[tuple[CloudProcess, str]]:
    """This user's processes with their command lines, or the one of a number."""
    if not _has_proc():
        yield from ((CloudProcess(pid, began), words) for pid, began, words in _listed() if only in (None, pid))
        return
    for folder in _PROC.glob("[0-9]*") if only is None else [_PROC / str(only)]:
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == os.getuid():
                words = (folder / "cmdline").read_bytes().rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")
                began = started(int(folder.name))
                if began is not None:
                    yield CloudProcess(int(folder.name), began), words


def _listed() -> Iterator[tuple[int, str, str]]:
    """Number, start and command line where there is no /proc: `ps` of POSIX, whose time of start is five words."""
    command = ["ps", "-U", str(os.getuid()), "-ww", "-o", "pid=,lstart=,command="]
    found = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    for line in found.stdout.splitlines():
        words = line.split(maxsplit=6)
        if len(words) == 7 and words[0].isdigit():
            yield int(words[0]), " ".join(words[1:6]), words[6].rstrip()
