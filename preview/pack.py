"""A policy pack in a process of its own, started and asked as the engine does it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Final, Self

from preview.child_process import child
from preview.errors import PackError, ProjectError
from preview.project import Project
from preview.project_file import read_yaml

if TYPE_CHECKING:
    from preview.analyst import Analyst

START_LIMIT_SECONDS: Final = 30.0
_FILE: Final = "PulumiPolicy.yaml"
_KEEP_OUTPUT_BYTES: Final = 64 * 1024


@dataclass
class Pack:
    """A pack's process. It starts at once; `analyst` waits until it serves, and speaks to it.

    Use it as a context manager: leaving it ends the process. The engine's address is only for packs that log through
    the engine; ours have no engine at that time, and the SDK does not call it.
    """

    directory: Path
    project: Project
    dry_run: bool = True
    start_limit: float = START_LIMIT_SECONDS
    environment: Mapping[str, str] = field(default_factory=dict)
    engine: str = "127.0.0.1:1"

    def __enter__(self) -> Self:
        self.directory = self.directory.resolve()
        interpreter = _interpreter(self.directory)
        self._stderr: IO[bytes] = tempfile.TemporaryFile()
        self._started = time.monotonic()
        self._process = child(
            [str(interpreter), "-u", "-m", "pulumi.policy", self.engine, str(self.directory)],
            cwd=self.directory,
            env={**os.environ, **self._settings(), **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            start_new_session=True,
        )
        self._first_line: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="pack-stdout", daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._reader.join()
        if self._process.stdout:
            self._process.stdout.close()
        self._stderr.close()

    def stop(self) -> None:
        """Ends the process, and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def analyst(self, policy_config: Mapping[str, object] | None = None) -> Analyst:
        """The pack, once it serves.

        Raises:
            PackError: it ended, said something else than a port first, or did not serve in time.
        """
        from preview.analyst import Analyst

        return Analyst(self._port(), self, policy_config or {})

    def _settings(self) -> dict[str, str]:
        return {
            "PULUMI_PROJECT": self.project.name,
            "PULUMI_STACK": self.project.stack,
            "PULUMI_ORGANIZATION": "organization",
            "PULUMI_DRY_RUN": "true" if self.dry_run else "false",
            "PULUMI_CONFIG": json.dumps(dict(self.project.config)),
        }

    def _read(self) -> None:
        assert self._process.stdout is not None
        self._first_line.put(self._process.stdout.readline())
        # What the pack prints later is not ours to show; reading it keeps the pack from blocking.
        while self._process.stdout.read(_KEEP_OUTPUT_BYTES):
            pass

    def _port(self) -> int:
        left = self.start_limit - (time.monotonic() - self._started)
        try:
            line = self._first_line.get(timeout=max(left, 0))
        except queue.Empty:
            msg = f"{self.directory}: the policy pack did not start within {self.start_limit:g} s"
            raise PackError(msg, self.stderr()) from None
        text = line.decode(errors="replace").strip()
        if text.isdigit() and 0 < int(text) < 65536:
            return int(text)
        if text:
            msg = f"{self.directory}: the policy pack printed {text[:60]!r} where its port must be: it may not print"
            raise PackError(msg, self.stderr())
        raise PackError(f"{self.directory}: the policy pack did not start{self.ending()}", self.stderr())

    def ending(self) -> str:
        """How the process ended and its last words, for the end of a message; empty while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self._process.poll()
        if code is None:
            return ""
        how = f" (signal {-code})" if code < 0 else f" (exit code {code})"
        lines = [line for line in self.stderr().splitlines() if line and not line[0].isspace()]
        return f"{how}: {lines[-1]}" if lines else how

    def stderr(self) -> str:
        """The end of what the pack wrote on its standard error."""
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, size - _KEEP_OUTPUT_BYTES))
        return self._stderr.read().decode(errors="replace")


def _interpreter(directory: Path) -> Path:
    """The Python of the pack's virtual environment if it exists, else the one that runs this process."""
    file = directory / _FILE
    try:
        data = read_yaml(file, "a policy pack needs one")
    except ProjectError as error:
        raise PackError(str(error)) from None
    runtime = data.get("runtime")
    name, options = (runtime.get("name"), runtime.get("options")) if isinstance(runtime, dict) else (runtime, None)
    if name != "python":
        msg = f"{file}: runtime: {runtime!r} is not supported; accepted: python"
        raise PackError(msg)
    environment = options.get("virtualenv") if isinstance(options, dict) else None
    if isinstance(environment, str):
        python = directory / environment / "bin" / "python"
        if python.is_file():
            return python
    return Path(sys.executable)
