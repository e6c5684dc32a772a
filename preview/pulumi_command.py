"""The Pulumi CLI under a time limit: the engine is known to wait for ever when a policy pack does not start."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from pulumi.automation import CommandError, CommandResult, PulumiCommand
from pulumi.automation.errors import create_command_error

from preview.bounded_output import last_lines
from preview.child_process import child
from preview.engine_environment import engine_environment
from preview.errors import EngineError
from preview.left_over import nothing_left_over

_GRACE_SECONDS = 10.0
# A state of ten thousand resources takes a tenth of it.
MOST_CHARACTERS = 256 * 1024 * 1024
_LONGEST_LINE = 64 * 1024 * 1024


class LimitedCommand(PulumiCommand):
    """Runs each command in a process group of its own, and ends the whole group when its time is over."""

    def __init__(self, time_limit: float) -> None:
        super().__init__()
        self._time_limit = time_limit

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], object] | None = None,
        on_error: Callable[[str], object] | None = None,
    ) -> CommandResult:
        """Runs one command, and ends what it leaves running.

        Raises:
            CommandError: the exit code is not zero.
            EngineError: the time limit was reached.
        """
        with nothing_left_over():
            return self._run(args, cwd, additional_env, on_output, on_error)

    def _run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], object] | None,
        on_error: Callable[[str], object] | None,
    ) -> CommandResult:
        environment = {**engine_environment(os.environ), **additional_env, "PULUMI_AUTOMATION_API": "true"}
        if Path(self.command).is_absolute():
            environment["PATH"] = f"{Path(self.command).parent}{os.pathsep}{environment.get('PATH', '')}"
        with child(
            [self.command, "--non-interactive", *args],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            asking=True,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            out, err = _Lines(process.stdout, on_output), _Lines(process.stderr, on_error)
            try:
                code = self._ended(process, out, err)
            except BaseException as error:
                _end(process)
                if isinstance(error, _StoppedError):
                    said = last_lines(err.text()) or last_lines(out.text())
                    msg = f"`pulumi {args[0]}` {error}, and was stopped"
                    raise EngineError(msg, err.text(), said) from None
                raise
            result = CommandResult(stdout=out.text(), stderr=err.text(), code=code)
        if code != 0:
            raise create_command_error(result)
        return result

    def _ended(self, process: subprocess.Popen[str], out: _Lines, err: _Lines) -> int:
        until = time.monotonic() + self._time_limit
        while time.monotonic() < until:
            if out.too_much or err.too_much:
                msg = f"printed more than {MOST_CHARACTERS // 2**20} MiB"
                raise _StoppedError(msg)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(min(1.0, self._time_limit))
        msg = f"was still running after {self._time_limit:g} s"
        raise _StoppedError(msg)


class _StoppedError(Exception):
    """It went on for too long, or said too much."""


class _Lines:
    def __init__(self, stream: IO[str], each: Callable[[str], object] | None) -> None:
        self._lines: list[str] = []
        self._count = 0
        self._stream = stream
        self._each = each
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        # A line without an end is as bad as lines without end.
        while line := self._stream.readline(_LONGEST_LINE):
            self._count += len(line)
            if self.too_much:
                continue
            self._lines.append(line.rstrip())
            if self._each is not None:
                self._each(self._lines[-1])

    @property
    def too_much(self) -> bool:
        return self._count > MOST_CHARACTERS

    def text(self) -> str:
        self._thread.join()
        return "\n".join(self._lines)


def _end(process: subprocess.Popen[str]) -> None:
    """Asks the group to stop, as Ctrl-C does, so that the engine writes its state; then ends it."""
    for number in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)


__all__ = ["CommandError", "LimitedCommand"]
