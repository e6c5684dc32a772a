"""Becomes a command that the kernel ends when the process that started it is gone (PR_SET_PDEATHSIG, prctl(2)).

A script of its own, of the standard library alone. Arguments: the number of the parent, the signal, then the command.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import NoReturn

_PDEATHSIG = 1
_NOT_FOUND = 127


def main() -> NoReturn:
    """Never returns."""
    parent, number, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    ctypes.CDLL(None).prctl(_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        # It died before this could be said.
        os._exit(0)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(_NOT_FOUND)


if __name__ == "__main__":
    main()
