"""Becomes a command that the kernel ends when the process that started it is gone (PR_SET_PDEATHSIG, prctl(2)).

A script of its own, of the standard library alone. Arguments: the number of the parent, how, then the command.
`at-once` kills it. `asking` stays beside it: when the parent is gone it asks the command to stop, as Ctrl-C does, gives
it a minute for its state, and ends all that it started, also what left its process group.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

_PDEATHSIG, _SUBREAPER = 1, 36
_NOT_FOUND = 127
_GRACE_SECONDS = 60
_LIBC = ctypes.CDLL(None)


def main() -> NoReturn:
    """Never returns."""
    parent, how, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    asking = how == "asking"
    if asking:
        signal.signal(signal.SIGUSR1, _ask)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    _LIBC.prctl(_PDEATHSIG, signal.SIGUSR1 if asking else signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # It died before this could be said.
        os._exit(0)
    if asking:
        _stay_beside(parent, command)
    _become(command)


def _stay_beside(parent: int, command: list[str]) -> NoReturn:
    _LIBC.prctl(_SUBREAPER, 1, 0, 0, 0)
    child = os.fork()
    if child == 0:
        for number in (signal.SIGUSR1, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        _become(command)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    while True:
        pid, status = os.wait()
        if pid == child:
            break
    if os.getppid() != parent:
        _end_what_it_left()
    if os.WIFSIGNALED(status):
        ending = os.WTERMSIG(status)
        if ending != signal.SIGKILL:
            signal.signal(ending, signal.SIG_DFL)
        os.kill(os.getpid(), ending)
    os._exit(os.waitstatus_to_exitcode(status))


def _ask(_: int, __: FrameType | None) -> None:
    signal.alarm(_GRACE_SECONDS)
    os.killpg(0, signal.SIGINT)


def _end_what_it_left() -> NoReturn:
    """What the command orphaned came to this process, and what that orphans comes next."""
    signal.alarm(0)
    with contextlib.suppress(ChildProcessError):
        while True:
            for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            os.wait()
    os._exit(0)


def _become(command: list[str]) -> NoReturn:
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(_NOT_FOUND)


if __name__ == "__main__":
    main()
