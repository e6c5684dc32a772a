"""Runs a Pulumi program in a process of its own and records what it registers."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from preview.bounded_output import MOST_BYTES, BoundedOutput, last_lines
from preview.errors import ProgramError
from preview.kept_process import Apartness, KeptProcess
from preview.program_environment import judges_own, private_places, program_environment, with_network
from preview.project import Project

if TYPE_CHECKING:
    from preview.data_sources.answers import Answers
    from preview.data_sources.recorder import Recorder
    from preview.data_sources.sources import Unanswered
    from preview.deployment import Deployment
    from preview.existing import Existing
    from preview.monitor import Monitor
    from preview.recording import Recording
    from preview.registration import Provisioner, Registration

# How long a program may go on without a registration, and how many times as long at most altogether.
TIME_LIMIT_SECONDS: Final = 120.0
MOST_LIMITS: Final = 10
PROGRAM_LIMIT: Final = "IAL_PROGRAM_LIMIT"
_HOST: Final = Path(__file__).with_name("program_host.py")
# A path of a Unix socket is short (unix(7): 108 bytes), and a folder of temporary files may lie deep.
_LONGEST_TEMPORARY: Final = 60


# What the program's process is told of its deployment; the rest it has to ask for.
_TOLD: Final = ("project", "stack", "organization", "config", "secret_keys", "dry_run")
# How the host ends when the program needs a value that no data source gave (program_host.py).
_NEEDS_ANSWER: Final = 33


@dataclass
class Program:
    """A program's process. It starts at once and loads the SDK; `run` tells it what to run, and waits for the end.

    Use it as a context manager: leaving it ends the process, and all that the process started.
    """

    project: Project
    time_limit: float = TIME_LIMIT_SECONDS
    hidden: tuple[Path, ...] = ()
    locked: tuple[Path, ...] = ()

    def __enter__(self) -> Self:
        network = with_network()
        deep = len(tempfile.gettempdir()) > _LONGEST_TEMPORARY
        self._folder = tempfile.TemporaryDirectory(prefix="ial-", dir="/tmp" if deep else None)
        home = Path(self._folder.name) / "home"
        home.mkdir()
        self._stdout, self._stderr = BoundedOutput(), BoundedOutput()
        needed = (self.project.directory, self.project.main, self.project.interpreter, Path(sys.prefix), _HOST)
        self._kept = KeptProcess(
            [str(self.project.interpreter), "-u", str(_HOST)],
            folder=self.project.main.parent,
            environment=program_environment(home),
            stdout=self._stdout.sink,
            stderr=self._stderr.sink,
            network=network,
            hidden=(*private_places(needed), *self.hidden),
            locked=(*judges_own(), *self.locked),
        )
        self._process = self._kept.process
        self._stdout.begun()
        self._stderr.begun()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.end()
        self._stdout.__exit__(kind, error, trace)
        self._stderr.__exit__(kind, error, trace)
        self._folder.cleanup()

    @property
    def apartness(self) -> Apartness:
        """How far the program is kept from all else."""
        return self._kept.apartness

    def run(
        self,
        *,
        dry_run: bool = True,
        provisioner: Provisioner | None = None,
        watch: Callable[[Registration], None] | None = None,
        existing: Existing | None = None,
        recorder: Recorder | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Recording:
        """Runs the program against a monitor of its own and returns what it registered.

        Without `existing` that is what the program says, also of what it lets an update ignore. `meanwhile` is called
        as soon as the program knows what to do.

        Raises:
            ProgramError: it failed, ended before it was done, or took longer than the time limit.
        """
        # Imported here: the process is loading the SDK meanwhile, and needs the processor less than it needs time.
        from preview.monitor import Monitor

        deployment = self._deployment(dry_run)
        monitor = Monitor(
            deployment,
            provisioner,
            watch,
            existing,
            self._answers(),
            folder=Path(self._folder.name),
            loopback=recorder is not None,
        )
        with monitor:
            if recorder is not None:
                recorder.engine, monitor.data_sources.ask = monitor.on_loopback, recorder.ask
            self._send(deployment, monitor.address)
            meanwhile()
            code = self._end(monitor)
        # Nobody is left to register anything: what is there is all.
        return self._recording(monitor, code, existing)

    def _end(self, monitor: Monitor) -> int:
        """Waits for the exit code. Each registration gives the program its time limit anew, up to a bound."""
        started = time.monotonic()
        while (now := time.monotonic()) < started + MOST_LIMITS * self.time_limit:
            left = max(started, monitor.last_heard) + self.time_limit - now
            if left <= 0:
                break
            self._require_bounded()
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self._process.wait(min(left, 1.0))
        took, count = time.monotonic() - started, len(monitor.registrations)
        msg = (
            f"{self.project.main}: the program was still running after {took:.0f} s with {count} resources, and was "
            f"stopped; {PROGRAM_LIMIT}=SECONDS gives it more than {self.time_limit:g} s between two registrations"
        )
        raise ProgramError(msg, self._stderr.tail(), self._printed())

    def _require_bounded(self) -> None:
        if self._stdout.too_much or self._stderr.too_much:
            msg = f"{self.project.main}: the program printed more than {MOST_BYTES // 2**20} MiB, and was stopped"
            raise ProgramError(msg, printed=self._printed())

    def _printed(self) -> tuple[str, ...]:
        # A program that is stopped still holds its streams.
        self._kept.end()
        return last_lines(self._stderr.tail()) or last_lines(self._stdout.tail())

    def _deployment(self, dry_run: bool) -> Deployment:
        from preview.deployment import Deployment

        return Deployment(
            project=self.project.name,
            stack=self.project.stack,
            config=self.project.config,
            secret_keys=self.project.secret_keys,
            organization=self.project.organization,
            dry_run=dry_run,
            stack_references=self.project.stack_references,
        )

    def _answers(self) -> Answers:
        from preview.data_sources.answers import Answers, answers_file

        file = self.project.stack_file
        return Answers.read(answers_file(file)) if file else Answers()

    def _send(self, deployment: Deployment, address: str) -> None:
        from preview.engine_service import UNSEEN_STREAM

        spec = {
            **{key: getattr(deployment, key) for key in _TOLD},
            "program": str(self.project.main),
            "root_directory": str(self.project.directory),
            "monitor": address,
            "callbacks": self._folder.name,
            "unseen_stream": UNSEEN_STREAM,
        }
        assert self._process.stdin is not None
        # A process that died already is reported by its exit code.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(spec).encode() + b"\n")
            self._process.stdin.flush()

    def _recording(self, monitor: Monitor, code: int, existing: Existing | None) -> Recording:
        from preview.recording import Recording, in_order

        self._raise_if_failed(monitor, code)
        registrations = list(monitor.registrations.values())
        unanswered = tuple(call.told() for call in sorted(monitor.data_sources.unanswered))
        return Recording(
            registrations=in_order(existing.made(registrations) if existing else registrations),
            component_outputs=monitor.component_outputs,
            outputs=monitor.outputs,
            secret_outputs=monitor.secret_outputs,
            unseen=tuple(monitor.engine.unseen),
            unanswered=unanswered,
            diagnostics=(
                *(f"{message.severity}: {message.text.strip()}" for message in monitor.engine.messages),
                *(f"warning: {text}" for text in unanswered),
                *filter(None, [self.apartness.told()]),
            ),
            stdout=self._stdout.tail(),
            stderr=self._stderr.tail(),
        )

    def _raise_if_failed(self, monitor: Monitor, code: int) -> None:
        errors = [message.text.strip() for message in monitor.engine.messages if message.severity == "error"]
        refused = monitor.refusals.told
        if code == 0 and monitor.finished.is_set() and not errors and not refused:
            return
        place = str(self.project.main)
        unknown = _unknown(sorted(monitor.data_sources.unanswered))
        if errors and code == _NEEDS_ANSWER:
            raise ProgramError(f"{_last_line(errors[-1])}{unknown}", "\n".join(errors))
        if errors:
            raise ProgramError(f"{place}: {explained(_last_line(errors[0]))}{unknown}", "\n".join(errors))
        stderr = self._stderr.tail()
        if code == 0 and refused:
            msg = f"{place}: the program went on after a refusal, so it has not registered what it wanted: {refused[0]}"
            raise ProgramError(msg, "\n".join(refused))
        if code == 0:
            msg = f"{place}: the program ended before Pulumi had finished (exit code 0): it must not call sys.exit()"
            raise ProgramError(msg, stderr)
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        raise ProgramError(f"{place}: the program {how}{_because(stderr)}{unknown}", stderr, self._printed())


def _last_line(text: str) -> str:
    """The line of a traceback that says what was wrong: the last one that is not indented."""
    lines = [line for line in text.splitlines() if line and not line[0].isspace()]
    return lines[-1] if lines else text


def explained(line: str) -> str:
    """The last line of a traceback, with what to do where the cause is known."""
    if line.startswith(("ModuleNotFoundError", "ImportError")):
        return (
            f"{line}; install the program's packages where `runtime.options.virtualenv` of its Pulumi.yaml says: "
            "`python3 -m venv venv`, `venv/bin/pip install -r requirements.txt`"
        )
    return line


def _unknown(unanswered: list[Unanswered]) -> str:
    """Which data sources had no answer, and what to do; empty when all had."""
    if not unanswered:
        return ""
    return f"; unknown here: {', '.join(map(str, unanswered))}; {unanswered[0].advice()}"


def _because(stderr: str) -> str:
    line = _last_line(stderr.strip())
    return f": {line}" if line else ""


def record(
    project: Project,
    *,
    dry_run: bool = True,
    provisioner: Provisioner | None = None,
    time_limit: float = TIME_LIMIT_SECONDS,
    existing: Existing | None = None,
) -> Recording:
    """Runs a project's program once and returns what it registered.

    Raises:
        ProgramError: the program failed, ended before it was done, or took longer than the time limit.
    """
    with Program(project, time_limit) as program:
        return program.run(dry_run=dry_run, provisioner=provisioner, existing=existing)
