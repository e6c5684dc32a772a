"""A program's process under a keeper, which lets nothing of it outlive it (program_keeper.py)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_KEEPER: Final = Path(__file__).with_name("program_keeper.py")
_START_SECONDS: Final = 30.0
_GRACE_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Apartness:
    """How far a program is kept from all else: `fault` says why it has no namespaces of its own, if it has none."""

    apart: bool
    network: bool
    fault: str = ""

    def told(self) -> str | None:
        """For people: what was wanted and could not be; None when all was."""
        if self.apart:
            return None
        return f"the program ran with the network and beside other processes ({self.fault}): run it where no secret is"


class KeptProcess:
    """One process, started at once. Linux only has the keeper: elsewhere its process group is ended, and no more."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        stdout: int | IO[bytes],
        stderr: int | IO[bytes],
        network: bool,
        hidden: Iterable[Path] = (),
        locked: Iterable[Path] = (),
    ) -> None:
        self._apartness: Apartness | None = None
        self._door: socket.socket | None = None
        theirs: socket.socket | None = None
        words = list(command)
        if sys.platform == "linux":
            self._door, theirs = socket.socketpair()
            words = [sys.executable, "-I", "-S", str(_KEEPER), str(theirs.fileno()), *command]
        else:
            self._apartness = Apartness(apart=False, network=True, fault="only Linux has namespaces")
        self.process = subprocess.Popen(
            words,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            pass_fds=() if theirs is None else (theirs.fileno(),),
        )
        if theirs is not None and self._door is not None:
            theirs.close()
            order = {"network": network, "hidden": [*map(str, hidden)], "locked": [*map(str, locked)]}
            with contextlib.suppress(OSError):
                self._door.sendall(json.dumps(order).encode() + b"\n")

    @property
    def apartness(self) -> Apartness:
        """Waits until it is known, which is when the program starts."""
        if self._apartness is None:
            assert self._door is not None
            self._apartness = _answered(self._door)
        return self._apartness

    def end(self) -> None:
        """Ends the program, and all that it started."""
        if self.process.poll() is None and self._door is not None:
            # The keeper ends what left the group.
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_GRACE_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        if self._door is not None:
            self._door.close()


def _answered(door: socket.socket) -> Apartness:
    door.settimeout(_START_SECONDS)
    try:
        said = json.loads(door.makefile("rb").readline() or b"{}")
    except (OSError, ValueError):
        said = {}
    fault = str(said.get("fault", "the keeper did not start"))
    apart = said.get("apart") is True
    return Apartness(apart=apart, network=bool(said.get("network", True)), fault="" if apart else fault)
